export { checkModel, faultText } from "./fred";
