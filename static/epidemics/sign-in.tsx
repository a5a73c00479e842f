import { useState } from "preact/hooks";
import { useAction } from "../common/action";
import { Fault } from "../common/fault";
import { signIn } from "./session";

/** Asks for a token where the server is not open to whoever reaches it. */
export default function SignIn() {
  const [token, setToken] = useState("");
  const { running, fault, run } = useAction("GET /api/epidemics/jobs", () => signIn(token.trim()));
  function submit(event: Event): void {
    event.preventDefault();
    void run();
  }
  return (
    <section class="panel token-form" aria-label="Token">
      <h2>Enter a token</h2>
      <p class="quiet-text">
        This server is closed. Ask its operator for a token: <code>foresight token --system epistemix USER</code>
      </p>
      <form class="form" onSubmit={submit}>
        <label class="field">
          Token
          <input
            type="password"
            autocomplete="off"
            required
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        {fault !== undefined && <Fault report={fault} />}
        <button type="submit" class="primary" disabled={running}>
          Enter
        </button>
      </form>
    </section>
  );
}
