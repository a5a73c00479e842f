/**
 * Makes load for a broker on this machine and prints what came of it as one line of JSON: messages between publishers
 * and subscribers, or idle connections. It needs nothing of Bun's, since Node is the faster at sockets.
 */
import { holdConnections } from "./mqttLoad/idle";
import { exchangeMessages } from "./mqttLoad/messages";
import { optionsFrom } from "./mqttLoad/options";

const options = optionsFrom(process.argv.slice(2));
const tag = `${process.pid.toString(36)}${Math.floor(performance.now() * 1000).toString(36)}`;
const { isWhole, figures } = await (options.connections > 0 ? holdConnections : exchangeMessages)(options, tag);
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(isWhole ? 0 : 1));
