// Serves a stream of events that others dictate, on a free port; prints its URL.
//
//   GET   opens the stream
//   POST  writes the body to the stream at once, waiting until there is one, and
//         answers the last event ID that the stream began with. An empty body
//         cuts the connection.
import { createServer } from 'node:http';

let stream, lastEventID, opened;
let open = new Promise((resolve) => { opened = resolve; });

const server = createServer(async (request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.flushHeaders();
    stream = response;
    lastEventID = request.headers['last-event-id'] ?? '';
    opened();
    return;
  }
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  await open;
  if (pieces.length === 0) {
    open = new Promise((resolve) => { opened = resolve; });
    stream.destroy();
    response.end(lastEventID);
    return;
  }
  stream.write(Buffer.concat(pieces), () => response.end(lastEventID));
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
