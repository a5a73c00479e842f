/** Has a Worker do what takes the event loop too long. */
export type Delegate = <T>(kind: string, input: unknown) => Promise<T>;
