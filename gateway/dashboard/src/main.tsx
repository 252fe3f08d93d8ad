// Where the dashboard starts.
import 'uplot/dist/uPlot.min.css';
import './styles/base.css';
import './styles/top.css';
import './styles/wall.css';
import './styles/alarms.css';
import './styles/cell.css';
import { render } from 'preact';
import { App } from './app';
import { store } from './state/store';
import { restoreTheme } from './state/theme';

restoreTheme();
store.start();
const root = document.getElementById('app');
if (root) {
  root.textContent = '';
  render(<App />, root);
}
