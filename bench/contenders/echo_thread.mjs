/** A thread that sends back what it is sent. */
import { workerData as port } from "node:worker_threads";

port.onmessage = ({ data }) => port.postMessage(data);
