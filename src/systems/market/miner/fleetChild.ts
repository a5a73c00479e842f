import { systemClock } from "../../../platform/clock";
import type { ChildModule } from "../../../platform/compute/childProtocol";
import { unseededRandom } from "../../../platform/random";
import { connectFleet } from "./fleet";

/** The one kind of work of that child. */
export const CONNECT_FLEET = "fleet.connect";

/** How many workers, and what they talk with. */
export interface FleetOrder {
  workers: number;
  mqttUrl: string;
  /** Where the chain takes blocks; null where there is none. */
  chainUrl: string | null;
}

const BLOCK_INTERVAL_S = 5;
const GPUS = 2;

let leave: () => Promise<void> = async () => undefined;

/** The child whose workers are those of `foresight miner`: connected until it ends, then they say goodbye. */
export const fleetChild: ChildModule = {
  handlers: {
    async [CONNECT_FLEET]({ workers, mqttUrl, chainUrl }: FleetOrder) {
      leave = await connectFleet({
        workers,
        mqttUrl,
        apiUrl: chainUrl ?? undefined,
        blockIntervalSec: BLOCK_INTERVAL_S,
        gpuCount: GPUS,
        profile: "honest",
        clock: systemClock,
        random: unseededRandom(),
        tell: () => undefined,
      });
      return { value: null };
    },
  },
  release: () => leave(),
};
