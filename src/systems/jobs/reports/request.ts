export const REPORT_FORMATS = ["PDF", "HTML", "JSON", "CSV"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export const REPORT_TYPES = ["summary", "detailed_analysis", "comparison"] as const;
export type ReportType = (typeof REPORT_TYPES)[number];

export const PAPERS = ["a4", "us-letter"] as const;

/** A report that is to be made. Equal requests give equal bytes. */
export interface ReportRequest {
  reportId: string;
  reportType: ReportType;
  format: ReportFormat;
  /** The time that the report bears: RFC 3339, UTC. */
  generatedAt: string;
  parameters: ReportParameters;
  /** In the order in which they are shown; at least one. */
  simulations: readonly ReportedSimulation[];
}

/** What whoever asks for a report may say of it. */
export interface ReportParameters {
  /** In the place of a title made of what the report shows. */
  title?: string;
  /** A paragraph below the title. */
  note?: string;
  /** Default A4. */
  paper?: (typeof PAPERS)[number];
}

/** A finished simulation as a report takes it. */
export interface ReportedSimulation {
  jobId: string;
  simulationType: string;
  /** Both as JSON in UTF-8. */
  parametersJson: Uint8Array;
  resultJson: Uint8Array;
  /** `name` or `title` in it names the simulation. */
  metadata: unknown;
  /** RFC 3339, UTC. */
  createdAt: string;
  startedAt: string | null;
  completedAt: string | null;
  attempt: number;
  /**
   * What its handler shows of the result: a list of `ReportSection`, checked here. Where absent, what this house knows
   * to show of the type.
   */
  sections?: unknown;
}
