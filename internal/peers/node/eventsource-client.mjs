// Prints the IDs of the events of the stream at the URL given, one a line, until
// it ends: by eventsource-client.
import { createEventSource } from 'eventsource-client';

const source = createEventSource(process.argv[2] + '/events/stream');
for await (const { event, id } of source) {
  if (event === 'stream-end') break;
  console.log(id);
}
source.close();
