// An SMS centre: keeps what it takes, gives it as JSON over HTTP, sends a receipt after each. The number
// says how to misbehave: …1 after 860000000000 throttles, …2 refuses the number, …3 ends the connection.
import http from "node:http";
import smpp from "smpp";

const taken = [];
let count = 0;

function text(pdu) {
  const message = pdu.short_message.message;
  return Buffer.isBuffer(message) ? message.swap16().toString("utf16le") : message;
}

function receive(session, pdu) {
  const to = pdu.destination_addr;
  if (to === "8600000000001") return session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
  if (to === "8600000000002") return session.send(pdu.response({ command_status: smpp.ESME_RINVDSTADR }));
  if (to === "8600000000003") return session.destroy();
  const id = `m${++count}`;
  taken.push({ to, from: pdu.source_addr, text: text(pdu), id });
  session.send(pdu.response({ message_id: id }));
  session.deliver_sm({
    esm_class: 4, source_addr: to, destination_addr: pdu.source_addr,
    short_message: `id:${id} sub:001 dlvrd:001 submit date:2611220000 done date:2611220000 stat:DELIVRD err:000 text:`,
  });
}

const centre = smpp.createServer((session) => {
  session.on("error", () => session.close());
  session.on("bind_transceiver", (pdu) =>
    session.send(pdu.response(pdu.password === "hunter2" ? {} : { command_status: smpp.ESME_RBINDFAIL })));
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => { session.send(pdu.response()); session.close(); });
  session.on("submit_sm", (pdu) => receive(session, pdu));
});
centre.listen(0, "127.0.0.1", () => {
  const asked = http.createServer((_, answer) => answer.end(JSON.stringify(taken)));
  asked.listen(0, "127.0.0.1", () =>
    console.log(JSON.stringify({ port: centre.address().port, ask: asked.address().port })));
});
