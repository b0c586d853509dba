// Prints the IDs of the events of the stream at the URL given, one a line, until
// it ends: by eventsource, an EventSource for Node.
import { EventSource } from 'eventsource';

const source = new EventSource(process.argv[2] + '/events/stream');
source.onmessage = (event) => console.log(event.lastEventId);
source.onerror = () => {
  // The server ends the stream for good by an answer of 204.
  if (source.readyState === EventSource.CLOSED) process.exit(ended ? 0 : 1);
};

let ended = false;
source.addEventListener('stream-end', () => { ended = true; });
