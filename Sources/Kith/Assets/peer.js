// One connection to one other browser in a room. Both sides may ask for a change at any time: the polite one gives way
// when they do at once ("perfect negotiation", W3C WebRTC 1.0, 10.7). A connection that fails is begun anew by itself.
"use strict";

class Peer {
  #connection;
  #channel;
  #polite;
  #send;
  #senders = {};
  #making = false;
  #settling = false;
  #ignoring = false;
  #work = Promise.resolve();
  #tries = 0;
  #bits;
  #timer;
  stream = new MediaStream();

  // servers: an RTCConfiguration. send: brings a message to the other side, in order. changed: called when there is
  // something to show anew. heard: called with what the other side says on the channel. greet: what to say first.
  constructor({ servers, polite, send, changed, heard, greet }) {
    this.#polite = polite;
    this.#send = send;
    const connection = this.#connection = new RTCPeerConnection(servers);
    connection.addEventListener("negotiationneeded", () => this.#offer());
    connection.addEventListener("icecandidate", ({ candidate }) => { if (candidate) send({ candidate }); });
    connection.addEventListener("track", ({ track }) => {
      for (const old of this.stream.getTracks()) if (old.kind === track.kind) this.stream.removeTrack(old);
      this.stream.addTrack(track);
      changed();
    });
    connection.addEventListener("connectionstatechange", () => {
      this.#mend(connection.connectionState);
      changed();
    });
    // What people type for all, and whether they can be heard and seen: it goes from browser to browser too.
    this.#channel = connection.createDataChannel("room", { negotiated: true, id: 0 });
    this.#channel.addEventListener("open", () => this.say(greet()));
    this.#channel.addEventListener("message", ({ data }) => {
      try { heard(JSON.parse(data)); } catch { /* not from a page of ours */ }
    });
  }

  get isConnected() { return this.#connection.connectionState === "connected"; }

  say(words) {
    if (this.#channel.readyState === "open") this.#channel.send(JSON.stringify(words));
  }

  // Shows the other side this track from now on; null: nothing.
  show(kind, track) {
    if (this.#senders[kind]) this.#senders[kind].replaceTrack(track).catch(() => {});
    else if (track) this.#senders[kind] = this.#connection.addTrack(track);
    this.#bound();
  }

  // So that many pictures at once do not choke a phone's line.
  limit(bits) {
    this.#bits = bits;
    this.#bound();
  }

  // A camera that starts later, or is only now agreed on, keeps to it as well.
  #bound() {
    const bits = this.#bits;
    const sender = this.#senders.video;
    const parameters = sender?.getParameters();
    if (!bits || !parameters?.encodings?.length || parameters.encodings[0].maxBitrate === bits) return;
    parameters.encodings[0].maxBitrate = bits;
    sender.setParameters(parameters).catch(() => {});
  }

  // The network has changed.
  restart() { this.#connection.restartIce(); }

  close() {
    clearTimeout(this.#timer);
    this.#channel.close();
    this.#connection.close();
  }

  // Messages of the other side, one after the other.
  receive(message) {
    this.#work = this.#work.then(() => this.#take(message)).catch(() => {});
  }

  // The impolite one begins: Chromium loses a channel for good when the very first offer is taken back.
  async #offer() {
    const connection = this.#connection;
    if (this.#polite && !connection.remoteDescription) return;
    try {
      this.#making = true;
      await connection.setLocalDescription();
      this.#send({ description: connection.localDescription });
    } catch { /* closed meanwhile */ } finally {
      this.#making = false;
    }
  }

  async #take({ description, candidate }) {
    const connection = this.#connection;
    if (candidate) {
      await connection.addIceCandidate(candidate).catch((error) => { if (!this.#ignoring) throw error; });
      return;
    }
    const isReady = !this.#making && (connection.signalingState === "stable" || this.#settling);
    const collides = description.type === "offer" && !isReady;
    this.#ignoring = !this.#polite && collides;
    if (this.#ignoring) return;
    this.#settling = description.type === "answer";
    await connection.setRemoteDescription(description).finally(() => { this.#settling = false; });
    if (description.type !== "offer") return;
    await connection.setLocalDescription();
    this.#send({ description: connection.localDescription });
  }

  // A line that is cut off often comes back by itself; one that failed does not.
  #mend(state) {
    clearTimeout(this.#timer);
    if (state === "connected") {
      this.#tries = 0;
      this.#bound();
    }
    if (state !== "failed" && state !== "disconnected") return;
    const pause = state === "failed" ? Math.min(this.#tries++ * 2000, 10000) : 4000;
    this.#timer = setTimeout(() => {
      this.restart();
      this.#mend(this.#connection.connectionState);
    }, pause);
  }
}
