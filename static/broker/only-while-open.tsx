import { Empty } from "../common/empty";

/** In place of what belongs to clients, while the service is closed. */
export function OnlyWhileOpen({ what }: { what: string }) {
  return (
    <Empty
      what={`${what} would be here. This service is closed, so that nothing of its clients is shown to whoever reaches this page. Ask the broker itself, as a user who may read it.`}
    />
  );
}
