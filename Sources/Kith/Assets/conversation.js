// Keeps an open conversation live. Without it everything still works, by loading the page again.
// What people write goes into the page as text only. Drafts stay in the form, for people share devices.
(() => {
  'use strict';
  const log = document.querySelector('[role=log][data-live]');
  const form = document.querySelector('form[data-reading]');
  if (!log || !log.dataset.live || !form) return;

  const list = log.querySelector('ol');
  const latest = document.querySelector('#latest');
  const blank = document.querySelector('template[data-message]').content.firstElementChild;
  const { body: box, message: key } = form.elements;
  const token = form.elements['form-token'].value;
  const button = form.querySelector('button');
  const sendWord = button.textContent;
  const words = form.dataset;
  const seen = { delivered: Number(words.delivered), read: Number(words.read) };

  const items = () => [...list.querySelectorAll('[data-sequence]:not([data-pending])')];
  const number = (item) => (item ? Number(item.dataset.sequence) : 0);
  const isMine = (item) => item.classList.contains('mine');
  const say = (where, text) => { document.querySelector(`[data-${where}]`).textContent = text; };

  // Messages

  function fill(item, message) {
    item.className = `message ${message.mine ? 'mine' : 'theirs'}`;
    item.querySelector('.person').textContent = message.name;
    item.querySelector('.tag').textContent = message.role;
    item.querySelector('.words').textContent = message.body;
    const time = item.querySelector('time');
    time.textContent = message.time;
    if (message.sentAt) time.dateTime = message.sentAt;
  }

  function place(item, message) {
    item.id = `m${message.sequence}`;
    item.dataset.sequence = message.sequence;
    delete item.dataset.pending;
    const later = items().find((other) => number(other) > message.sequence) || list.querySelector('[data-pending]');
    list.insertBefore(item, later);
    const days = list.querySelectorAll('.day');
    if (!later && (!days.length || days[days.length - 1].textContent !== message.day)) {
      const day = document.createElement('li');
      day.className = 'day hint';
      day.textContent = message.day;
      item.before(day);
    }
  }

  function receive(message) {
    if (items().some((item) => number(item) === message.sequence)) return;
    const isLow = latest.getBoundingClientRect().top < window.innerHeight;
    const pending = message.id && list.querySelector(`[data-pending="${message.id}"]`);
    const item = pending || blank.cloneNode(true);
    fill(item, message);
    place(item, message);
    document.querySelector('[data-empty]')?.remove();
    if (message.id && message.id === key.value) settle();
    tell();
    report();
    if (isLow) latest.scrollIntoView({ block: 'nearest' });
  }

  function state(item, text) {
    let line = item.querySelector('[data-state]');
    if (!line) {
      line = document.createElement('p');
      line.className = 'hint';
      line.dataset.state = '';
      item.append(line);
    }
    if (line.textContent !== text) line.textContent = text;
  }

  // What has become of my last message.
  function tell() {
    const mine = items().filter(isMine);
    const last = mine.pop();
    for (const item of mine) item.querySelector('[data-state]')?.remove();
    if (!last) return;
    const place = number(last);
    state(last, place <= seen.read ? words.saidRead : place <= seen.delivered ? words.saidDelivered : words.saidSent);
  }

  // Writing

  let tried = null; // words that went out under this key and were not answered yet
  let busy = false;

  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  // The words in the box have arrived.
  function settle() {
    if (box.value.trim() === tried) box.value = '';
    tried = null;
    key.value = newKey();
    button.textContent = sendWord;
    say('status', '');
  }

  async function send() {
    const text = box.value.trim();
    if (!text || busy) return;
    // The same words may go twice under one key and are one message; other words are another.
    if (tried !== null && tried !== text) key.value = newKey();
    tried = text;
    busy = true;
    box.readOnly = true;
    say('status', '');
    const id = key.value;
    const item = blank.cloneNode(true);
    const message = { id, mine: true, name: words.name, role: words.role, body: text, time: '' };
    fill(item, message);
    item.dataset.pending = id;
    list.append(item);
    state(item, words.sending);
    let problem = words.failed;
    try {
      const answer = await fetch(form.action, {
        method: 'POST', headers: { Accept: 'application/json' }, body: new URLSearchParams(new FormData(form)),
        signal: AbortSignal.timeout(15000),
      });
      if (answer.ok) receive({ ...message, ...(await answer.json()) });
      else if (answer.status < 500 && ![408, 429].includes(answer.status)) problem = words.refused;
    } catch { /* said below */ }
    box.readOnly = false;
    busy = false;
    if (!item.dataset.pending) return; // it arrived, by the answer or by the stream
    item.remove();
    button.textContent = words.retry;
    say('status', problem);
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });

  // Reading

  let reported = number(items().pop()); // opening the page has told so far

  function report() {
    const shown = items();
    const through = number(shown[shown.length - 1]);
    const theirs = number(shown.filter((item) => !isMine(item)).pop());
    if (document.visibilityState !== 'visible' || theirs <= reported) return;
    reported = through;
    const again = () => { reported = 0; };
    fetch(words.reading, {
      method: 'POST', keepalive: true, headers: { Accept: 'application/json' },
      body: new URLSearchParams({ 'form-token': token, from: number(shown[0]), through }),
    }).then((answer) => answer.ok || again(), again);
  }

  // Listening

  let source;
  let waiting;

  function listen() {
    clearTimeout(waiting);
    source?.close();
    source = new EventSource(`${log.dataset.live}?after=${number(items().pop())}`);
    const on = (name, act) => source.addEventListener(name, (event) => act(event.data && JSON.parse(event.data)));
    on('message', receive);
    on('seen', (marks) => { Object.assign(seen, marks); tell(); });
    on('closed', () => { button.hidden = true; say('status', words.closed); });
    on('opened', () => { button.hidden = false; say('status', ''); });
    on('open', () => { clearTimeout(waiting); say('connection', ''); });
    on('error', () => {
      clearTimeout(waiting);
      if (source.readyState === EventSource.CLOSED) {
        say('connection', words.over);
        waiting = setTimeout(listen, 15000);
      } else {
        waiting = setTimeout(() => say('connection', words.lost), 5000);
      }
    });
  }

  document.addEventListener('visibilitychange', () => {
    report();
    if (document.visibilityState === 'visible' && source.readyState === EventSource.CLOSED) listen();
  });
  listen();
})();
