"""E-mails that are kept as files, with what they quote."""

from email import message_from_bytes, message_from_string, policy
from email.message import EmailMessage


def clean_mail_file(content, clean):
    """Return an e-mail in whose headers and texts ``clean`` changed what it wanted to.

    It comes back as it was where nothing had to be changed.

    :param content: the e-mail as text, bytes or EmailMessage
    :param clean: takes a text and returns it
    """
    if isinstance(content, EmailMessage):
        message = message_from_bytes(content.as_bytes(), policy=policy.SMTP)
    elif isinstance(content, str):
        message = message_from_string(content, policy=policy.SMTP)
    else:
        message = message_from_bytes(content, policy=policy.SMTP)
    changed = [_clean_part(part, clean) for part in message.walk()]
    return message.as_bytes() if any(changed) else content


def _clean_part(part, clean):
    """Clean one part of an e-mail; tell whether that changed it."""
    changed = False
    for name, value in part.items():
        if (text := clean(str(value))) != str(value):
            part.replace_header(name, text)
            changed = True
    if part.get_content_maintype() != "text":
        return changed
    try:
        text = part.get_content()
    except LookupError:
        # A charset that nobody knows. What opens a conversation is plain ASCII.
        text = part.get_payload(decode=True).decode("latin-1")
    if (cleaned := clean(text)) == text:
        return changed
    part.set_content(
        cleaned, subtype=part.get_content_subtype(), disposition=part.get_content_disposition(),
        filename=part.get_filename(), cid=part["Content-ID"],
    )
    return True
