import type { ReportedSimulation, ReportRequest } from "../../../../src/systems/jobs/reports";

const encoder = new TextEncoder();

export const jsonBytes = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value));

/** A finished simulation as the store gives it. */
export function simulation(result: unknown, more: Partial<ReportedSimulation> = {}): ReportedSimulation {
  return {
    jobId: "01936d2f-7c1a-7100-9c5e-aaaaaaaaaaa0",
    simulationType: "monte_carlo",
    parametersJson: jsonBytes({ iterations: 10_000, seed: 42 }),
    resultJson: jsonBytes(result),
    metadata: {},
    createdAt: "2026-11-27T19:30:00Z",
    startedAt: "2026-11-27T19:30:01Z",
    completedAt: "2026-11-27T19:31:12Z",
    attempt: 1,
    ...more,
  };
}

export function request(simulations: readonly ReportedSimulation[], more: Partial<ReportRequest> = {}): ReportRequest {
  return {
    reportId: "01936d30-0000-7abc-8def-0123456789ab",
    reportType: "summary",
    format: "PDF",
    generatedAt: "2026-11-27T19:36:44Z",
    parameters: {},
    simulations,
    ...more,
  };
}
