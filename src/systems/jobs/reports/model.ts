import type { PAPERS, ReportType } from "./request";
import type { ReportSection } from "./section";

/** All that a report says, before it is known as what: plain values, made of a request by `reportModelOf`. */
export interface ReportModel {
  reportId: string;
  reportType: ReportType;
  /** RFC 3339, UTC. */
  generatedAt: string;
  title: string;
  /** A paragraph below the title; empty where there is none. */
  note: string;
  paper: (typeof PAPERS)[number];
  simulations: readonly SimulationView[];
  chapters: readonly Chapter[];
}

/** One simulation with all that may be shown of it. */
export interface SimulationView {
  jobId: string;
  simulationType: string;
  /** What the type is called in words. */
  typeTitle: string;
  /** As whoever submitted it called it, else the words of its type. */
  title: string;
  completedAt: string | null;
  parameters: unknown;
  sections: readonly ReportSection[];
  /** What the result is made from and how to have it again. */
  facts: readonly Fact[];
}

export interface Fact {
  name: string;
  value: string;
  /** Whether it is read letter by letter, as ids and hashes are. */
  isCode?: boolean;
}

/** A part of a report with a line of its own in the contents. */
export interface Chapter {
  title: string;
  sections: readonly (ReportSection | FactSection)[];
}

/** A section of what things are made from. */
export interface FactSection {
  title: string;
  facts: readonly Fact[];
}
