// Priorities: how soon somebody has to act. Each has its word, and the shape and colour of the severity it comes from.
import type { Alarm, Priority, Severity } from '../api/types';

/** From the most urgent down. */
export const priorities: readonly Priority[] = ['emergency', 'high', 'medium', 'low'];

export const priorityRank: Readonly<Record<Priority, number>> = { emergency: 4, high: 3, medium: 2, low: 1 };

export const priorityWords: Readonly<Record<Priority, string>> = { emergency: 'Emergency', high: 'High', medium: 'Medium', low: 'Low' };

/** What each asks of a person. */
export const priorityMeaning: Readonly<Record<Priority, string>> = {
  emergency: 'act at once: a cell may burn',
  high: 'look at it now',
  medium: 'look at it this shift',
  low: 'look at it this week',
};

const bySeverity: Readonly<Record<Severity, Priority>> = { emergency: 'emergency', critical: 'high', warning: 'medium', advisory: 'low' };

/** The severity whose shape and colour stand for a priority. */
export const severityOf: Readonly<Record<Priority, Severity>> = { emergency: 'emergency', high: 'critical', medium: 'warning', low: 'advisory' };

export const priorityOf = (alarm: Alarm): Priority => alarm.priority ?? bySeverity[alarm.severity];
