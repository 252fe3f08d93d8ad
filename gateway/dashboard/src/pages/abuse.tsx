// Abuse tests: the list, a new one, the plans, and the screen of one session.
import '../styles/setup.css';
import '../styles/abuse.css';
import '../styles/abuse-screen.css';
import type { JSX } from 'preact';
import { AbuseList } from '../abuse/list';
import { AbusePlans } from '../abuse/plans';
import { SessionScreen } from '../abuse/screen';
import type { PageProps } from './pages';

export function AbusePage({ route }: PageProps): JSX.Element {
  if (route.name !== '') {
    return <SessionScreen id={route.name} isView={route.query.has('view')} />;
  }
  return route.query.has('plans') ? <AbusePlans key={route.query.toString()} name={route.query.get('plans') ?? ''} /> : <AbuseList isNew={route.query.has('new')} />;
}
