"""What complaints and suggestions have in common: conversations with customers, by e-mail and on the portal."""

# Mixins, and what extends them.
from . import customer_stage_mixin
from . import customer_sent_mixin
from . import customer_thread_author
from . import customer_thread_mixin
from . import customer_thread_link
from . import customer_thread_gateway
# What is numbered, merged and read on the portal, with all of the conversation.
from . import customer_voice_mixin
# Limits of all that customers send.
from . import customer_voice_flood
# Models of Odoo.
from . import ir_http
from . import mail_mail
from . import mail_activity
from . import mail_followers
from . import mail_message
from . import mail_notification
from . import mail_scheduled_message
from . import mail_template
from . import mail_thread
from . import res_partner
