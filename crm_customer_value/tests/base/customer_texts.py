"""Which texts of the addon customers read, found where they are written."""

import ast
import re
from pathlib import Path
from xml.etree import ElementTree

ADDON = Path(__file__).parents[2]
MODULE = ADDON.name
LANGUAGES = ("de", "fr", "es", "nl", "it", "pt", "pt_BR", "zh_CN", "zh_TW", "uk")

# Whatever these files say, customers may read.
FILES = (
    "controllers/",
    "static/src/complaint/portal/",
    "static/src/voice/portal_chatter/",
    "models/voice/customer_voice_flood.py",
    "models/feedback/questions.py",
    "models/flow/res_partner_portal.py",
)
# What these functions say, in files that speak with employees too.
FUNCTIONS = {
    "models/benefit/res_partner_review.py": {
        "_customer_review_title", "_customer_review_agenda", "_customer_review_goals", "_customer_review_gain",
        "_customer_review_needs", "_customer_review_complaints",
    },
    "models/care/res_partner_consent.py": {"_customer_care_footer"},
    "models/complaint/customer_complaint_closing.py": {"_reopen", "_check_reopen_time"},
    "models/complaint/customer_complaint_flow.py": {"_hand_over_text", "_stand_in_text"},
    "models/complaint/customer_complaint_portal.py": {
        "_customer_confirm", "_customer_reopen", "_portal_promise_text", "_portal_reopen_text", "_portal_timeline",
        "_send_by_customer",
    },
    "models/complaint/customer_complaint_rating.py": {"_rating_block"},
    "models/benefit/customer_benefit_goal_portal.py": {"_customer_states"},
    "models/benefit/customer_benefit_metric_portal.py": {"_customer_worth"},
    "models/benefit/customer_benefit_record_judgement.py": {"_read_contest"},
    "models/benefit/customer_benefit_record_portal.py": {"_customer_said"},
    "models/feedback/customer_feedback.py": {"_compute_score_text"},
    "models/feedback/customer_feedback_answer.py": {"_answer_block", "_answer"},
    "models/feedback/customer_feedback_request.py": {"_customer_ends"},
    "models/need/customer_need_portal.py": {"_change_by_customer", "_customer_importances", "_customer_states"},
    "models/offer/customer_offer_portal.py": {"_customer_offers", "_customer_refusals"},
    "models/flow/customer_service_flow.py": {"_compute_step_summary"},
    "models/suggestion/customer_suggestion_portal.py": {"_planned_text", "_send_by_customer", "_set_support"},
    "models/voice/mail_message.py": {"_message_reaction"},
}
RECORDS = re.compile(
    r"model:mail\.template,(subject|body_html):"
    r"|model:customer\.suggestion\.(stage|area),name:"
    r"|model:customer\.benefit\.metric,(name|unit):"
    r"|model:customer\.feedback\.rule,question:"
    r"|model:customer\.service\.flow,(name|description):"
    r"|model:customer\.service\.flow\.step,name:"
    r"|model:customer\.complaint\.team,name:"
    r"|model:customer\.need\.type,name:"
    r"|model:customer\.contact\.channel,name:"
    r"|model:customer\.benefit\.metric,(name|unit):"
    # E-mails name what they are about.
    rf"|model:ir\.model,name:{MODULE}\.model_customer_(complaint|suggestion)$"
    rf"|model:ir\.model\.fields\.selection,name:{MODULE}\.selection__"
    r"(customer_complaint__wanted_remedy|res_partner__service_hours)__"
)


# Pages in these files are for employees only.
INSIDE = {"customer_profile_report.xml"}


def template_ids():
    """Return the XML ids of all pages: those of employees' wizards are in another folder."""
    return {
        f"{MODULE}.{template.get('id')}"
        for path in (ADDON / "views").rglob("*.xml") if path.name not in INSIDE
        for template in ElementTree.parse(path).iter("template")
    }


def function_texts():
    """Return {file: texts} of the functions that speak with customers."""
    texts = {}
    for name, functions in FUNCTIONS.items():
        tree = ast.parse((ADDON / name).read_text())
        found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in functions]
        missing = functions - {node.name for node in found}
        if missing:
            raise LookupError(f"{name} has no {missing}: name the functions that speak with customers")
        texts[name] = {
            call.args[0].value
            for function in found
            for call in ast.walk(function)
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "_"
        }
    return texts


class CustomerTexts:
    """Tells which entries of a .pot file are for customers."""

    def __init__(self):
        self.templates = template_ids()
        self.functions = function_texts()

    def occurrences(self, entry):
        """Return where customers read the text of ``entry``."""
        return [place for place in entry.occurrences if self._is_for_customers(entry.msgid, place[0])]

    def _is_for_customers(self, text, place):
        if place.startswith(f"code:addons/{MODULE}/"):
            name = place.removeprefix(f"code:addons/{MODULE}/").removesuffix(":0")
            return name.startswith(FILES) or text in self.functions.get(name, ())
        if place.startswith("model_terms:ir.ui.view,arch_db:"):
            return place.removeprefix("model_terms:ir.ui.view,arch_db:").removesuffix(":0") in self.templates
        return bool(RECORDS.match(place.removesuffix(":0")))
