// The question before one alarm counts as seen, for pages that show a cell's alarms.
import type { JSX } from 'preact';
import type { Alarm } from '../api/types';
import { AlarmDialog } from './alarm-dialog';

export function Acknowledge({ alarm, onClose }: { readonly alarm: Alarm; readonly onClose: () => void }): JSX.Element {
  return <AlarmDialog act="acknowledge" alarms={[alarm]} onClose={onClose} />;
}
