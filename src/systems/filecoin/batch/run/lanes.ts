import { RequestError } from "../../../../platform/errors";

const CLIENT_CLOSED_REQUEST = 499;

/**
 * Does `count` pieces of work in order, `lanes` of them at once. When one fails, or the caller hangs up, no more are
 * begun; it ends, with that failure, when none is left at work.
 *
 * @throws RequestError 499 when the caller hung up before the last piece was begun.
 */
export async function inLanes(
  lanes: number,
  count: number,
  work: (index: number) => Promise<unknown>,
  signal?: AbortSignal,
): Promise<void> {
  let next = 0;
  let failure: { error: unknown } | undefined;
  const lane = async () => {
    while (next < count && failure === undefined) {
      try {
        if (signal?.aborted) throw hungUp();
        await work(next++);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failure !== undefined) throw failure.error;
}

function hungUp(): RequestError {
  return new RequestError(CLIENT_CLOSED_REQUEST, "The caller hung up before the work was done.");
}
