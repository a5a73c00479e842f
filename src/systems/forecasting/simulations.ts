import type { z } from "zod";
import { type SimulationHandler, simulationHandler } from "../../platform/simulations";
import { backtestRequest, forecastRequest } from "./native/schema/request";
import { type NativeService, wholeAnswer } from "./native/service";

/** Of the whole, when a request is read and admitted. */
const BEGUN = 0.1;

/** What can be submitted of forecasting: the same requests as over HTTP, with the same answers. */
export function forecastingSimulations(service: NativeService): SimulationHandler[] {
  return [
    simulationHandler({
      type: "timesfm_forecast",
      title: "Time-series forecast",
      summary: "Forecasts series with quantiles, by any model that is here; given inline or as a file.",
      parameters: forecastRequest,
      example: exampleOf(forecastRequest),
      async run(parameters, { signal, progress }) {
        const answer = await service.forecast(bytesOf(parameters), signal);
        progress(BEGUN, `${answer.head.count} series, ${answer.head.horizon} steps`);
        return joined(await wholeAnswer(answer, "forecasts"));
      },
    }),
    simulationHandler({
      type: "timesfm_backtest",
      title: "Forecast backtest",
      summary: "How good models would have been: rolling origin against seasonal naive, with all measures.",
      parameters: backtestRequest,
      example: exampleOf(backtestRequest),
      run: async (parameters, { signal }) => joined(await service.backtest(bytesOf(parameters), signal)),
    }),
  ];
}

function exampleOf(schema: z.ZodType): Record<string, unknown> {
  const [example] = schema.meta()!["examples"] as [Record<string, unknown>];
  return example;
}

/** The request as the service reads it: numbers that are none as JSON can write them. */
function bytesOf(parameters: object): Uint8Array {
  const plain = (_name: string, value: unknown) => (value instanceof Float64Array ? Array.from(value, written) : value);
  return new TextEncoder().encode(JSON.stringify(parameters, plain));
}

function written(value: number): number | string | null {
  if (Number.isNaN(value)) return null;
  return Number.isFinite(value) ? value : String(value);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}
