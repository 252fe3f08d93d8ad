// Where the dashboard starts.
import 'uplot/dist/uPlot.min.css';
import './styles/base.css';
import './styles/top.css';
import './styles/wall.css';
import './styles/alarms.css';
import './styles/alerts.css';
import './styles/cell.css';
import { render } from 'preact';
import { App } from './app';
import { alerts } from './state/alerts';
import { session } from './state/session';
import { store } from './state/store';
import { restoreTheme } from './state/theme';

restoreTheme();
session.onSignedIn = () => store.retryNow();
store.onHello = () => session.streamBegan();
session.start();
store.start();
alerts.start();
const root = document.getElementById('app');
if (root) {
  root.textContent = '';
  render(<App />, root);
}
