// What the gateway says of channels and profiles. Times are Unix seconds.

/** Limits of a test by their names in a profile, such as `maximumWorkingTemperatureC`. */
export type Limits = Readonly<Record<string, number>>;

export interface RunningTest {
  readonly test: string;
  readonly cell: string;
  readonly profile: string | null;
  readonly profileHash: string | null;
  readonly startedAt: number | null;
  readonly sampleCount: number;
}

export interface SetupChannel {
  readonly node: string;
  readonly channel: string;
  /** The cell as the node says. */
  readonly label: string;
  /** The cell of the next test. */
  readonly cell: string;
  /** The profile of the next test; ends in `-limits` where limits were set for it. */
  readonly profile: string | null;
  readonly profileHash: string;
  readonly bench: string;
  readonly test: string | null;
  readonly limits: Limits;
  readonly note: string | null;
  readonly confirm: string | null;
  readonly changedAt: number | null;
  readonly changedBy: string | null;
  readonly assigned: boolean;
  readonly assignedProfile: string | null;
  readonly assignedBench: string | null;
  readonly online: boolean;
  readonly receivedAt: number | null;
  /** The test that runs, which keeps what it began with. */
  readonly running: RunningTest | null;
}

export interface AssignmentBody {
  readonly by: string;
  readonly cell: string;
  readonly profile: string | null;
  readonly bench: string | null;
  readonly limits: Limits;
  readonly note: string | null;
  readonly confirm: string | null;
  readonly endTest: boolean;
  readonly seenChangedAt: number;
}

export interface ProfileLine {
  readonly name: string;
  readonly description: string;
  readonly source: 'builtIn' | 'lab';
  readonly version: number | null;
  readonly savedAt: number | null;
  readonly savedBy: string | null;
  readonly hash: string;
}

/** A profile as a profile file holds it. */
export type ProfileBody = Readonly<Record<string, unknown>>;

export interface ProfileVersion {
  readonly version: number;
  readonly savedAt: number;
  readonly savedBy: string;
}

export interface ProfileView extends ProfileLine {
  readonly profile: ProfileBody;
  /** Newest first; empty for a built-in one. */
  readonly versions: readonly ProfileVersion[];
  readonly running: readonly { readonly test: string; readonly cell: string; readonly node: string; readonly channel: string; readonly same: boolean }[];
}

export interface ProfileFigure {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly least: number;
  readonly most: number;
  readonly meaning: string;
  /** True where it can be set for a single test. */
  readonly isLimit: boolean;
}

export interface RuleRow {
  readonly row: string;
  readonly unit: string;
  readonly raise: number | null;
  readonly clear: number | null;
  readonly hold: number | null;
  readonly severity: string;
  readonly reason: string;
}

export interface ProfileFields {
  readonly figures: readonly ProfileFigure[];
  readonly rules: readonly RuleRow[];
}

export interface ProfileProblem {
  /** Empty where the whole is meant. */
  readonly field: string;
  readonly message: string;
}
