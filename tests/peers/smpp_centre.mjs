// An SMS centre: `smpp_centre.mjs [PORT]` keeps what it takes, gives it as JSON over HTTP, sends a receipt after
// each. The number's last three digits say how to misbehave: 901 throttles, 902 refuses the number, 903 ends the
// connection after it has taken the message, 904 reports later that the message could not be delivered.
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
  const kind = to.slice(-3);
  if (kind === "901") return session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
  if (kind === "902") return session.send(pdu.response({ command_status: smpp.ESME_RINVDSTADR }));
  const id = `m${++count}`;
  taken.push({ to, from: pdu.source_addr, text: text(pdu), id });
  if (kind === "903") return session.destroy();
  session.send(pdu.response({ message_id: id }));
  session.deliver_sm({
    esm_class: 4, source_addr: to, destination_addr: pdu.source_addr,
    short_message: `id:${id} sub:001 dlvrd:001 submit date:2611220000 done date:2611220000 ` +
      `stat:${kind === "904" ? "UNDELIV" : "DELIVRD"} err:000 text:`,
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
centre.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => {
  const asked = http.createServer((_, answer) => answer.end(JSON.stringify(taken)));
  asked.listen(0, "127.0.0.1", () =>
    console.log(JSON.stringify({ port: centre.address().port, ask: asked.address().port })));
});
