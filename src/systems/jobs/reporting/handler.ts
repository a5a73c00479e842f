import type { WorkPool } from "../../../platform/compute/pool";
import type { ReportedSimulation, ReportFormat } from "../reports";

/** A kind of report that can be asked for. */
export interface ReportHandler {
  /** The `report_type` of reports that it makes. */
  type: string;
  formats: readonly ReportFormat[];
  /** Why none can be made of simulations of these types; undefined where one can. */
  fault(simulationTypes: readonly string[]): string | undefined;
  generate(order: ReportOrder, context: ReportContext): Promise<ReportFile>;
}

/** A report that is to be made, of simulations that have ended well. */
export interface ReportOrder {
  reportId: string;
  format: ReportFormat;
  /** RFC 3339, UTC: the time of the order, so that a report that is made twice has the same bytes. */
  generatedAt: string;
  parameters: Record<string, unknown>;
  simulations: readonly ReportedSimulation[];
}

export interface ReportContext {
  slots: WorkPool;
  signal: AbortSignal;
}

export interface ReportFile {
  bytes: Uint8Array;
  contentType: string;
  filename: string;
}
