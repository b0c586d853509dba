// Publishing that may be tried again: the same key publishes once.

const attempts = 20;
const pause = 500; // milliseconds

// publish returns { id } of the event, or { problem } as a text.
export async function publish(url, body, waiting) {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': newKey() };
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
      if (answer.ok) return await answer.json();
      if (answer.status !== 503) return { problem: await explain(answer) };
    } catch {
      // it may be published or not
    }
    waiting();
    await new Promise((done) => setTimeout(done, pause));
  }
  return { problem: 'The server does not answer.' };
}

// explain returns what the answer says is wrong: of each attribute too.
async function explain(answer) {
  const { detail, title } = await answer.json();
  return detail || title;
}

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
}
