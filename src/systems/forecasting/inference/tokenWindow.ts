import { RequestError } from "../../../platform/errors";
import type { Forecast, Series } from "../model";

export interface TokenWindowOptions {
  tokensOf: (series: Series) => number;
  /** Tokens in flight at once; one series is always let through. */
  maxTokens: number;
  signal?: AbortSignal | undefined;
}

const CLIENT_CLOSED_REQUEST = 499;

/**
 * Forecasts many series in order, as many at once as fill the next batches: rows of a long request are prepared when
 * they are due, so that the event loop is never held up and a short request gets its turn between them.
 */
export async function inTokenWindow(
  series: readonly Series[],
  { tokensOf, maxTokens, signal }: TokenWindowOptions,
  forecast: (series: Series) => Promise<Forecast>,
): Promise<Forecast[]> {
  const forecasts = new Array<Forecast>(series.length);
  const running = new Set<Promise<void>>();
  let tokens = 0;
  for (const [index, single] of series.entries()) {
    const own = tokensOf(single);
    while (running.size > 0 && tokens + own > maxTokens) await Promise.race(running);
    if (signal?.aborted) break;
    tokens += own;
    const work = forecast(single).then((made) => {
      forecasts[index] = made;
      tokens -= own;
      running.delete(work);
    });
    // A failure is thrown where the window is waited for; until then nobody else listens.
    work.catch(() => undefined);
    running.add(work);
  }
  await Promise.all(running);
  if (signal?.aborted) throw new RequestError(CLIENT_CLOSED_REQUEST, "The caller hung up before the work was done.");
  return forecasts;
}
