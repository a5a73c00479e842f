import type { z } from "zod";
import { InvalidInput, valid } from "../../../platform/http/input";
import type { SimulationHandler } from "../../../platform/simulations";
import {
  type RunConditions,
  type Submission,
  submission as submissionSchema,
  timeoutParameter,
} from "../schema/simulations";

/** A type that is known and cannot be run here, with the reason. */
export interface UnavailableType {
  type: string;
  title: string;
  reason: string;
}

/** The types of simulations that can be run, by their names. */
export interface Registry {
  find(type: string): SimulationHandler | undefined;
  /** Every type that can be run, by name. */
  list(): SimulationHandler[];
  unavailable(): UnavailableType[];
  /** Adds a handler; one of the same type gives its place. */
  add(handler: SimulationHandler): void;
  /**
   * The conditions that a submission asks for; its parameters fit its type, if that is known.
   * @throws InvalidInput at `body.parameters...`.
   */
  check(submission: Submission): RunConditions;
}

const NO_CONDITIONS: RunConditions = {
  timeout_s: undefined,
  priority: 0,
  max_attempts: undefined,
  start_after: undefined,
};

export function createRegistry(
  handlers: readonly SimulationHandler[],
  unavailable: readonly UnavailableType[] = [],
): Registry {
  const byType = new Map(handlers.map((handler) => [handler.type, handler]));
  return {
    find: (type) => byType.get(type),
    list: () => [...byType.values()].sort((a, b) => (a.type < b.type ? -1 : 1)),
    unavailable: () => unavailable.filter(({ type }) => !byType.has(type)),
    add: (handler) => byType.set(handler.type, handler),
    check(submission) {
      const { timeout_s } = within("parameters", submission, () =>
        valid(timeoutParameter, submission.parameters, "body"),
      );
      const handler = byType.get(submission.simulation_type);
      if (handler !== undefined) {
        within("parameters", submission, () =>
          valid(handler.parameters, withoutConditions(submission.parameters), "body"),
        );
      }
      const options = submission.options ?? NO_CONDITIONS;
      return { ...options, timeout_s: options.timeout_s ?? timeout_s };
    },
  };
}

/** The parameters as the handler's schema sees them: conditions of running are none. */
export function withoutConditions(parameters: Record<string, unknown>): Record<string, unknown> {
  const { timeout_s: _timeout, ...rest } = parameters;
  return rest;
}

/** What is wrong with a member, told as of the whole body. */
function within<T>(member: string, body: unknown, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const issues = error.issues.map((issue) => ({ ...issue, path: [member, ...issue.path] }) as z.core.$ZodIssue);
    throw new InvalidInput(error.part, issues, body, submissionSchema);
  }
}
