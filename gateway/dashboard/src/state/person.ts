// Who acts at this screen: the person signed in, or in an open trial the name asked for once and remembered.
import { useSession } from './session';
import { recall, remember } from './settings';

export interface Person {
  /** Sent with each change; null where the session says who it is. */
  readonly by: string | null;
  /** True where the name has to be asked for. */
  readonly asks: boolean;
  /** False for somebody who may only look. */
  readonly mayAct: boolean;
}

export const rememberedName = (): string => recall('name') ?? '';

export const rememberName = (name: string): void => remember('name', name);

export function usePerson(): Person {
  const session = useSession();
  const asks = session.person === null;
  return { by: asks ? rememberedName() : null, asks, mayAct: session.may('operator') };
}
