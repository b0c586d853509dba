// A watcher is one EventSource, and what it tells.

const kinds = ['news', 'flash', 'correction'];
const shown = 200; // messages that are kept on the page

export class Watcher {
  #source = null;
  #url; // gives the address of the stream
  #ledger;
  #refused; // is called when the server does not take the watcher
  #last = ''; // the last event ID
  #number = 0; // of the last event in the ledger; 0 if there is no telling
  #away = 0; // since when; 0 while connected
  #opened = 0; // when the connection was made
  #catching = false; // it is not the first one
  #counts = { received: 0, caught: 0, missed: 0, twice: 0 };
  #rows = []; // that wait to be shown
  #pending = 0; // the timer that shows them
  #watch; // the timer that tells how far behind this one is

  constructor(name, template, ledger, url, refused) {
    this.element = template.content.firstElementChild.cloneNode(true);
    this.#ledger = ledger;
    this.#url = url;
    this.#refused = refused;
    this.#find('h2').textContent = name;
    this.#find('.cut').addEventListener('click', () => (this.#source ? this.cut() : this.open()));
    this.#watch = setInterval(() => this.#showBehind(), 200);
  }

  // open connects; behind the last event, if there was one. An EventSource that
  // the page has closed forgets its place, so that is in the address.
  open() {
    const url = this.#url();
    if (this.#last) url.searchParams.set('last_event_id', this.#last);
    this.#setState(this.#away ? 'reconnecting' : 'connecting');
    const source = new EventSource(url);
    this.#source = source;
    this.#find('.cut').textContent = 'Cut';
    source.onopen = () => this.#connected();
    source.onerror = () => this.#lost();
    for (const kind of kinds) source.addEventListener(kind, (event) => this.#receive(event));
    source.addEventListener('stream-gap', (event) => this.#gap(JSON.parse(event.data)));
    source.addEventListener('stream-drain', () => this.#mark('the server is about to end: back in a moment'));
    source.addEventListener('stream-error', (event) => this.#mark(`the server says: ${JSON.parse(event.data).detail}`, 'bad'));
  }

  // cut ends the connection.
  cut() {
    this.#source.close();
    this.#source = null;
    this.#away ||= Date.now();
    this.#mark('cut');
    this.#setState('cut');
    this.#find('.cut').textContent = 'Reconnect';
  }

  // stop is for good.
  stop() {
    this.#source?.close();
    clearInterval(this.#watch);
    clearTimeout(this.#pending);
  }

  #connected() {
    this.#opened = Date.now();
    this.#catching = this.#away > 0;
    if (this.#away) {
      const place = this.#last ? `resuming after ${short(this.#last)}` : 'from the beginning';
      this.#mark(`back after ${((Date.now() - this.#away) / 1000).toFixed(1)} s, ${place}`);
    }
    this.#away = 0;
    this.#setState('live');
  }

  #lost() {
    if (!this.#away) this.#mark('the connection was lost');
    this.#away ||= Date.now();
    if (this.#source.readyState !== EventSource.CLOSED) return this.#setState('reconnecting');
    this.#source = null;
    this.#find('.cut').textContent = 'Reconnect';
    this.#setState('refused');
    this.#refused();
  }

  #receive(event) {
    const message = JSON.parse(event.data);
    const number = this.#ledger.enter(event.lastEventId);
    if (this.#number && number <= this.#number) this.#count('twice');
    else if (this.#number && number > this.#number + 1) this.#count('missed', number - this.#number - 1);
    this.#number = number;
    this.#last = event.lastEventId;
    const old = Date.parse(message.sent_at) < this.#opened;
    const late = old && this.#catching;
    if (late) this.#count('caught');
    this.#count('received');
    this.#showBehind();
    this.#find('.id').textContent = this.#last;
    this.#add(messageRow(event.type, message, this.#last, late ? 'late' : old ? 'old' : ''));
  }

  // gap is what the server tells of events that are no longer there. That stays
  // on the page, since what follows may be more than is shown.
  #gap(gap) {
    this.#number = 0;
    const text = `messages after ${short(gap.asked)} are no longer kept (${gap.reason})`;
    this.#mark(text, 'bad');
    this.#find('.gap').textContent = `A gap: ${text}.`;
    this.#find('.gap').hidden = false;
  }

  #setState(state) {
    const pill = this.#find('.state');
    pill.dataset.state = state;
    pill.lastElementChild.textContent = state;
    this.#showBehind();
  }

  #showBehind() {
    this.#find('.behind').textContent = this.#number ? this.#ledger.last - this.#number : 0;
  }

  #count(what, by = 1) {
    this.#counts[what] += by;
    const figure = this.#find(`.${what}`);
    figure.textContent = this.#counts[what];
    figure.parentElement.classList.toggle('some', this.#counts[what] > 0);
  }

  #mark(text, className = '') {
    this.#add(element('li', `mark ${className}`, `${new Date().toLocaleTimeString([], { hour12: false })} · ${text}`));
  }

  // add shows a row soon: a history comes in one go.
  #add(row) {
    this.#rows.unshift(row);
    this.#rows.length = Math.min(this.#rows.length, shown);
    this.#pending ||= setTimeout(() => {
      this.#pending = 0;
      const list = this.#find('.messages');
      list.prepend(...this.#rows.splice(0));
      while (list.childElementCount > shown) list.lastElementChild.remove();
      this.#find('.empty').hidden = list.childElementCount > 0;
    }, 16);
  }

  #find(selector) {
    return this.element.querySelector(selector);
  }
}

function messageRow(kind, message, id, className) {
  const row = element('li', `message ${kind} ${className}`);
  row.dataset.id = id;
  const head = element('div', 'head');
  const time = element('time', '', new Date(message.sent_at).toLocaleString([], { weekday: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false }));
  time.dateTime = message.sent_at;
  head.append(element('b', 'kind', kind), element('span', 'author', message.author));
  if (className === 'late') head.append(element('em', '', 'caught up'));
  head.append(time);
  row.append(head, element('p', 'text', message.text));
  return row;
}

// short is the end of an ID, which differs.
function short(id) {
  return id.length > 8 ? `…${id.slice(-6)}` : id;
}

function element(name, className, text = '') {
  const e = document.createElement(name);
  e.className = className.trim();
  e.textContent = text;
  return e;
}
