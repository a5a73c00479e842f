import { useState } from "preact/hooks";
import type { UserAnswer } from "../../src/systems/jobs/schema/accounts";
import { useAction } from "../common/action";
import { Fault } from "../common/fault";
import { register, signIn, signOut } from "./session";

/** Who is signed in, and the way out. */
export function CallerLine({ user, isLocal }: { user: UserAnswer; isLocal: boolean }) {
  if (isLocal) return null;
  return (
    <div class="row caller-line">
      <span class="quiet-text">
        Signed in as <bdi>{user.email}</bdi>
      </span>
      <button type="button" class="quiet" onClick={() => signOut()}>
        Sign out
      </button>
    </div>
  );
}

/** Asks for an account where the server is not open to whoever reaches it. */
export function SignIn({ reason }: { reason: string }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const entering = useAction("POST /auth/login", () => signIn(email, password));
  const registering = useAction("POST /auth/register", () => register(email, password));
  const fault = entering.fault ?? registering.fault;
  const running = entering.running || registering.running;
  function submit(event: Event): void {
    event.preventDefault();
    void entering.run();
  }
  return (
    <section class="panel sign-in" aria-label="Sign in">
      <h2>Sign in</h2>
      <p class="quiet-text">{reason === "" ? "Jobs belong to accounts. Sign in, or register." : reason}</p>
      <form class="form" onSubmit={submit}>
        <label class="field">
          Email
          <input
            type="email"
            autocomplete="username"
            required
            value={email}
            onInput={(event) => setEmail(event.currentTarget.value)}
          />
        </label>
        <label class="field">
          Password
          <input
            type="password"
            autocomplete="current-password"
            required
            minLength={8}
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
          <small>8 characters or more.</small>
        </label>
        {fault !== undefined && <Fault report={fault} />}
        <div class="row">
          <button type="submit" class="primary" disabled={running}>
            Sign in
          </button>
          <button type="button" disabled={running} onClick={() => void registering.run()}>
            Register
          </button>
        </div>
      </form>
    </section>
  );
}
