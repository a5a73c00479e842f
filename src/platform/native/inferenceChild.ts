import type { ChildModule } from "../compute/childProtocol";
import { probeInference } from "./inferenceProbe";
import type { OpenSession, RunSession } from "./inferenceProtocol";
import { closeAllSessions, closeSession, openSession, runSession } from "./inferenceSessions";

/** The child that holds the inference library. */
export const inferenceChild: ChildModule = {
  handlers: {
    "inference.probe": async () => ({ value: await probeInference() }),
    "inference.open": async (input: OpenSession, [model]) => ({ value: await openSession(input, model!) }),
    "inference.run": (input: RunSession, bulk) => runSession(input, bulk),
    "inference.close": async ({ key }: { key: string }) => ({ value: await closeSession(key) }),
  },
  release: closeAllSessions,
};
