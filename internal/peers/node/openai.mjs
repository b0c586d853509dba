// Streams a completion of each of the models given from the API at the URL given,
// with OpenAI's client, and prints what it had and what it threw as JSON, a line
// for each.
import OpenAI, { APIError } from 'openai';

const [baseURL, ...models] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: 'secret', maxRetries: 0 });

for (const model of models) {
  const chunks = [];
  let error = '', status = 0;
  try {
    const stream = await client.chat.completions.create({
      model,
      stream: true,
      messages: [{ role: 'user', content: 'Which question?' }],
    });
    for await (const chunk of stream) chunks.push(chunk.choices[0].delta.content);
  } catch (e) {
    error = e.constructor.name;
    if (e instanceof APIError) status = e.status;
  }
  console.log(JSON.stringify({ text: chunks.join(''), chunks, error, status }));
}
