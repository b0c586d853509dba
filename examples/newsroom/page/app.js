// The page of the newsroom: a room, what is said in it, and watchers who see it.

import { Watcher } from './watcher.js';
import { Ledger } from './ledger.js';
import { publish } from './publish.js';

const $ = (id) => document.getElementById(id);
const most = 4; // a browser has six connections to a server, and needs one to publish

let rooms = [];
let room = null; // the one that is shown
let ledger = new Ledger();
let watchers = [];

// Tokens of private rooms stay with this tab. An invitation is a link such as
// #desk/6ZJ…, which is taken out of the address at once.
const tokens = {
  of: (name) => sessionStorage.getItem(`token of ${name}`) || '',
  keep: (name, token) => sessionStorage.setItem(`token of ${name}`, token),
};

function takeHash() {
  const [name, token] = location.hash.slice(1).split('/', 2).map(decodeURIComponent);
  if (token) {
    tokens.keep(name, token);
    history.replaceState(null, '', `#${name}`);
  }
  return name;
}

async function show(name) {
  rooms = await list('');
  room = rooms.find((r) => r.name === name) || rooms[0];
  for (const watcher of watchers) watcher.stop();
  renderRooms();
  if (!room) return;
  $('title').textContent = room.title;
  $('about').textContent = room.about;
  $('receipt').textContent = '';
  document.title = `${room.title} · Courant newsroom`;
  ledger = new Ledger();
  if (room.private) room.admitted = (await list(tokens.of(room.name))).some((r) => r.name === room.name && r.admitted);
  admit(room.admitted);
}

// admit shows either what is said or the door.
function admit(admitted) {
  $('enter').hidden = admitted;
  for (const id of ['compose', 'watchers', 'more']) $(id).hidden = !admitted;
  if (!admitted) return;
  const count = Math.max(watchers.length, 2);
  $('watchers').replaceChildren();
  watchers = [];
  while (watchers.length < count) addWatcher();
}

function addWatcher() {
  const name = `Watcher ${String.fromCharCode(65 + watchers.length)}`;
  const watcher = new Watcher(name, $('watcher'), ledger, () => address('events'), refused);
  watchers.push(watcher);
  $('watchers').append(watcher.element);
  $('more').disabled = watchers.length >= most;
  watcher.open();
}

// refused is called when the server does not want a watcher: perhaps its token
// is no longer good.
async function refused() {
  const now = (await list(tokens.of(room.name))).find((r) => r.name === room.name);
  if (now && !now.admitted) {
    for (const watcher of watchers) watcher.stop();
    admit(false);
  }
}

function address(what) {
  const token = tokens.of(room.name);
  return new URL(`rooms/${room.name}/${what}${token ? `?token=${encodeURIComponent(token)}` : ''}`, location.href.split('#')[0]);
}

async function list(token) {
  try {
    const answer = await fetch(token ? `rooms?token=${encodeURIComponent(token)}` : 'rooms');
    if (answer.ok) return await answer.json();
  } catch {
    // said below
  }
  say('The server does not answer. Reload the page when it does.', true);
  return rooms;
}

function renderRooms() {
  $('rooms').replaceChildren(...rooms.map((r) => {
    const link = document.createElement('a');
    link.href = `#${r.name}`;
    link.textContent = r.title;
    if (r.private) link.className = 'private';
    if (r === room) link.setAttribute('aria-current', 'page');
    return link;
  }));
  document.querySelector('[aria-current]')?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
}

function say(text, bad = false) {
  $('receipt').textContent = text;
  $('receipt').classList.toggle('bad', bad);
}

$('enter').addEventListener('submit', async (event) => {
  event.preventDefault();
  tokens.keep(room.name, $('token').value.trim());
  $('token').value = '';
  await show(room.name);
  say(room.admitted ? '' : 'That token does not open this room.', !room.admitted);
});

$('compose').addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = $('text').value;
  const body = { author: $('author').value, kind: $('kind').value, text };
  $('text').value = '';
  say('Publishing…');
  const began = performance.now();
  const outcome = await publish(address('messages'), body, () => say('The server does not answer. Sending again, with the same key…', true));
  if (outcome.id) {
    const seen = ledger.seen(outcome.id);
    const took = `${Math.round(performance.now() - began)} ms`;
    say(`Published as ${outcome.id} after ${took}; ${seen} of ${watchers.length} watchers had it by then.`);
    return;
  }
  if (!$('text').value) $('text').value = text;
  say(outcome.problem, true);
});

$('more').addEventListener('click', addWatcher);
$('author').value = localStorage.getItem('author') || 'Reader';
$('author').addEventListener('change', () => localStorage.setItem('author', $('author').value));
addEventListener('hashchange', () => show(takeHash()));
show(takeHash());
