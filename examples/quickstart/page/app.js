// The page of the quickstart: a plain EventSource and what it tells.

const kinds = ['info', 'success', 'warning', 'alert'];
const shown = 200; // rows that are kept

const $ = (id) => document.getElementById(id);
const counts = { received: 0, connections: 0, caught: 0, missed: 0 };

let lastID = 0;
let cutAt = 0; // when the connection was lost; 0 while it is open

const source = new EventSource('/notes/stream');

source.onopen = () => {
  count('connections');
  setState('live');
  if (cutAt) mark(`connected again after ${seconds(Date.now() - cutAt)}, resuming after note ${lastID || '—'}`);
};

source.onerror = () => {
  if (source.readyState === EventSource.CLOSED) return setState('ended');
  if (!cutAt) cutAt = Date.now();
  setState('reconnecting');
};

for (const kind of kinds) source.addEventListener(kind, receive);

// The server ended the stream: an EventSource that closes does not come back.
source.addEventListener('stream-end', () => {
  source.close();
  setState('ended');
});

source.addEventListener('stream-error', (event) => {
  showProblem(JSON.parse(event.data).detail);
});

function receive(event) {
  const note = JSON.parse(event.data);
  const id = Number(event.lastEventId);
  if (lastID && id > lastID + 1) count('missed', id - lastID - 1);
  lastID = id;
  count('received');
  const late = cutAt && Date.parse(note.sent_at) < Date.now() - 500;
  if (late) count('caught');
  else cutAt = 0;
  addRow(event, note, late);
}

function addRow(event, note, late) {
  $('empty').hidden = true;
  const row = document.createElement('tr');
  if (late) row.className = 'late';
  const badge = element('span', event.type, `badge ${event.type}`);
  const text = element('span', note.text, 'text');
  const raw = element('code', event.data, 'raw');
  const sent = new Date(note.sent_at).toLocaleTimeString([], { hour12: false });
  row.append(cell(badge), cell(element('code', event.lastEventId)), cell(text, raw),
    cell(sent, late ? element('em', 'caught up') : ''));
  add(row);
}

function mark(text) {
  const row = document.createElement('tr');
  row.className = 'mark';
  const td = element('td', text);
  td.colSpan = 4;
  row.append(td);
  add(row);
}

function add(row) {
  const rows = $('events');
  rows.prepend(row);
  while (rows.childElementCount > shown) rows.lastElementChild.remove();
}

$('publish').addEventListener('submit', async (event) => {
  event.preventDefault();
  const body = { text: $('text').value, kind: $('kind').value };
  if (await post('/notes', body)) $('text').value = '';
});

$('cut').addEventListener('click', () => post('/demo/cut'));

async function post(path, body) {
  try {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(path, { method: 'POST', headers, body: body && JSON.stringify(body) });
    if (answer.ok) {
      $('problem').hidden = true;
      return true;
    }
    const problem = await answer.json();
    showProblem(problem.detail || problem.title);
  } catch {
    showProblem('The server does not answer.');
  }
  return false;
}

function showProblem(text) {
  $('problem').textContent = text;
  $('problem').hidden = false;
}

function setState(state) {
  $('state').dataset.state = state;
  $('state').lastElementChild.textContent = state;
}

function count(name, by = 1) {
  counts[name] += by;
  $(name).textContent = counts[name];
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

function element(name, text, className = '') {
  const e = document.createElement(name);
  e.textContent = text;
  e.className = className;
  return e;
}

function cell(...content) {
  const td = document.createElement('td');
  td.append(...content);
  return td;
}
