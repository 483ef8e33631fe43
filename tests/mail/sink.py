"""An SMTP server for tests: sink.py PORT FILE. Refuses nobody@ for ever and busy@ for now, writes all other mail to FILE."""
import asyncio
import email
import email.policy
import sys

from aiosmtpd.controller import Controller


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 no such mailbox"
        if address.startswith("busy@"):
            return "450 mailbox busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        with open(sys.argv[2], "a", encoding="utf-8") as file:
            file.write(f"to {','.join(envelope.rcpt_tos)}\nfrom {message['from']}\nsubject {message['subject']}\n")
            file.write(message.get_content().replace("\r\n", "\n") + "\n")
        return "250 OK"


controller = Controller(Handler(), hostname="127.0.0.1", port=int(sys.argv[1]))
controller.start()
asyncio.new_event_loop().run_forever()
