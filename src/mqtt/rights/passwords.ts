import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** A password hash takes a core and 64 MiB for some time: so many are computed at once. */
const MAX_PASSWORDS_AT_ONCE = 2;
/** So many different ones may wait in all, and of one user from one address. */
const MAX_PASSWORDS_WAITING = 1000;
const MAX_WAITING_OF_ONE = 64;

/** Who asks whether a password is right. */
export interface Asker {
  address: string;
  username: string;
  /** Whether the answer is of no use any more: what nobody waits for is not computed. */
  isGone(): boolean;
}

/** Verifies passwords. */
export interface Verifier {
  /**
   * Whether the password is the one that the argon2id hash is of; `busy` where too many wait. Without a hash the answer
   * is no, after as long a wait as others have.
   */
  verify(secret: string | null, password: Uint8Array, asker: Asker): Promise<boolean | "busy">;
  /** Forgets what is known of other hashes than these. */
  keepOnly(secrets: ReadonlySet<string>): void;
}

/** One password that waits to be looked at, and all who have said it. */
interface Job {
  secret: string | null;
  password: Uint8Array;
  proof: Buffer;
  askers: { asker: Asker; resolve: (isRight: boolean) => void }[];
}

/**
 * Verifies passwords, few at a time. One that was right is known again by a keyed hash that never leaves the process,
 * also when its turn comes: a thousand clients of one user that come back at once wait for one computation. Turns go
 * around among addresses, and among the users of each, so that nobody who guesses keeps others waiting for long.
 */
export function createVerifier(): Verifier {
  const key = randomBytes(32);
  /** By hash: so there are never more than users, and a changed password is a new one. */
  const known = new Map<string, Buffer>();
  const lanes = createLanes();
  let running = 0;

  const isKnown = ({ secret, proof }: Job): boolean => {
    const right = secret === null ? undefined : known.get(secret);
    return right !== undefined && timingSafeEqual(right, proof);
  };

  async function judge(job: Job): Promise<boolean> {
    if (isKnown(job)) return true;
    const { secret, password, proof, askers } = job;
    if (secret === null || askers.every(({ asker }) => asker.isGone())) return false;
    // A hash that the library cannot read was refused when it was set.
    const isRight = await Bun.password.verify(password, secret, "argon2id").catch(() => false);
    if (isRight) known.set(secret, proof);
    return isRight;
  }

  async function work(): Promise<void> {
    running++;
    for (let job = lanes.next(); job !== undefined; job = lanes.next()) {
      const isRight = await judge(job);
      for (const { resolve } of job.askers) resolve(isRight);
      lanes.finish(job);
    }
    running--;
  }

  return {
    async verify(secret, password, asker) {
      const proof = createHmac("sha256", key)
        .update(secret ?? "")
        .update(password)
        .digest();
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const job: Job = { secret, password, proof, askers: [{ asker, resolve }] };
      if (isKnown(job)) return true;
      if (!lanes.add(job, asker)) return "busy";
      if (running < MAX_PASSWORDS_AT_ONCE) void work();
      return promise;
    },
    keepOnly(secrets) {
      for (const secret of known.keys()) if (!secrets.has(secret)) known.delete(secret);
    },
  };
}

/** Jobs by address and user, taken from each in its turn. */
function createLanes() {
  const byAddress = new Map<string, Map<string, Job[]>>();
  /** By proof and hash, those being computed too: who says the same joins it. */
  const pending = new Map<string, Job>();
  let waiting = 0;
  const nameOf = ({ secret, proof }: Job): string => `${proof.toString("base64")} ${secret ?? ""}`;

  return {
    /** False: there is no room for it. */
    add(job: Job, { address, username }: Asker): boolean {
      const same = pending.get(nameOf(job));
      if (same !== undefined && job.secret !== null) {
        same.askers.push(...job.askers);
        return true;
      }
      const users = byAddress.get(address) ?? new Map<string, Job[]>();
      const lane = users.get(username) ?? [];
      // An address that has nothing waiting is let in beyond the limit, up to twice of it.
      const isFull = waiting >= (users.size === 0 ? 2 * MAX_PASSWORDS_WAITING : MAX_PASSWORDS_WAITING);
      if (isFull || lane.length >= MAX_WAITING_OF_ONE) return false;
      lane.push(job);
      users.set(username, lane);
      byAddress.set(address, users);
      pending.set(nameOf(job), job);
      waiting++;
      return true;
    },
    next(): Job | undefined {
      const [address] = byAddress;
      if (address === undefined) return undefined;
      const [name, users] = address;
      const [[username, lane]] = users as unknown as [[string, Job[]]];
      const job = lane.shift()!;
      waiting--;
      // To the end of both lines.
      users.delete(username);
      if (lane.length > 0) users.set(username, lane);
      byAddress.delete(name);
      if (users.size > 0) byAddress.set(name, users);
      return job;
    },
    finish(job: Job): void {
      if (pending.get(nameOf(job)) === job) pending.delete(nameOf(job));
    },
  };
}
