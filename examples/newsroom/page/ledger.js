// A ledger knows the events of a room in order, by what all watchers saw. Event
// IDs are opaque, so the order is that of arrival at whoever was first.

const most = 20000; // events that are remembered

export class Ledger {
  #numbers = new Map(); // event ID → number
  #last = 0;
  #seen = new Map(); // event ID → how many watchers have it

  // enter returns the event's number.
  enter(id) {
    this.#seen.set(id, (this.#seen.get(id) || 0) + 1);
    if (!this.#numbers.has(id)) {
      this.#numbers.set(id, ++this.#last);
      if (this.#numbers.size > most) {
        const oldest = this.#numbers.keys().next().value;
        this.#numbers.delete(oldest);
        this.#seen.delete(oldest);
      }
    }
    return this.#numbers.get(id);
  }

  // last is the number of the newest event.
  get last() {
    return this.#last;
  }

  // seen returns how many watchers have received an event.
  seen(id) {
    return this.#seen.get(id) || 0;
  }
}
