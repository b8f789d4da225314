"""Who may do what, decided by hand: the README shows it, and ``test_rights_table`` tries it.

``python3 crm_customer_value/tests/base/rights_declared.py`` writes the tables into the README anew. This
file needs no Odoo.
"""

import pathlib
import re

README = pathlib.Path(__file__).parents[2] / "README.md"
START, END = "<!-- rights: written by tests/base/rights_declared.py -->\n", "<!-- end of rights -->\n"

# The columns below, each with the groups of a user who has nothing else.
PEOPLE = {
    "public": None,
    "internal": "base.group_user",
    "portal": "base.group_portal",
    "service own": "crm_customer_value.group_service_own",
    "service team": "crm_customer_value.group_service_team",
    "service all": "crm_customer_value.group_service_all",
    "service admin": "crm_customer_value.group_service_manager",
    "sales own": "sales_team.group_sale_salesman",
    "sales all": "sales_team.group_sale_salesman_all_leads",
    "sales admin": "sales_team.group_sale_manager",
    "settings": "base.group_system",
    "meets customers": "crm_customer_value.group_meets_customers",
}

# Per model and whose record it is: what each of the people above may do with it, in their order.
# r read, w write, c create, d delete; "-" nothing. Groups add up: who sells also serves their own customers.
# A line may leave out those who only meet customers, to whom most is closed.
#
# own: assigned to them, made by them, or of their customer; for customers, of their own contact.
# team's: of a colleague in their team; for customers, of a colleague in their company.
# foreign: of somebody else in their company. company's: of a company they work for. shared: of no company.
# other company: of one they do not work for.
RIGHTS = {
    # Complaints: whoever writes one down has made it, so that everybody of the desk may.
    "customer.complaint": {
        "own":           "-  -  r  rwc  rwc  rwc  rwcd rwc  rwc  rwcd -",
        "team's":        "-  -  r  c    rwc  rwc  rwcd c    c    rwcd -",
        "foreign":       "-  -  -  c    c    rwc  rwcd c    c    rwcd -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.complaint.escalation": {
        "own":           "-  -  -  r    r    r    r    r    r    r    -",
        "team's":        "-  -  -  -    r    r    r    -    -    r    -",
        "foreign":       "-  -  -  -    -    r    r    -    -    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.complaint.recovery": {
        "company's":     "-  -  -  -    -    r    r    -    -    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    # Suggestions belong to the desk as a whole; support that somebody else noted is the manager's to take back.
    "customer.suggestion": {
        "own":           "-  -  r  rwc  rwc  rwc  rwcd rwc  rwc  rwcd -    rc",
        "team's":        "-  -  r  rwc  rwc  rwc  rwcd rwc  rwc  rwcd -    c",
        "foreign":       "-  -  -  rwc  rwc  rwc  rwcd rwc  rwc  rwcd -    c",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.suggestion.support": {
        "own":           "-  -  -  rwcd rwcd rwcd rwcd rwcd rwcd rwcd -",
        "foreign":       "-  -  -  rc   rc   rc   rwcd rc   rc   rwcd -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    # E-mails that were held back: the gateway makes them, the desk takes them, managers delete them.
    "customer.complaint.held.mail": {
        "team's":        "-  -  -  r    r    r    rd   r    r    rd   -",
        "foreign":       "-  -  -  -    -    r    rd   -    -    rd   -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    # How the desk is set up
    "customer.complaint.team": {
        "company's":     "-  -  -  r    r    r    rwcd r    r    rwcd -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.complaint.category": {
        "company's":     "-  -  -  r    r    r    rwcd r    r    rwcd -",
        "shared":        "-  -  -  r    r    r    rwcd r    r    rwcd -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.complaint.cause": {
        "shared":        "-  -  -  r    r    r    rwcd r    r    rwcd -",
    },
    "customer.complaint.stage": {
        "shared":        "-  -  -  r    r    r    rwcd r    r    rwcd -",
    },
    "customer.complaint.tag": {
        "shared":        "-  -  -  rc   rc   rc   rwcd rc   rc   rwcd -",
    },
    "customer.complaint.sla": {
        "company's":     "-  -  -  r    r    r    rwcd r    r    rwcd -",
        "shared":        "-  -  -  r    r    r    rwcd r    r    rwcd -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.complaint.sla.level": {
        "company's":     "-  -  -  r    r    r    rwcd r    r    rwcd -",
        "shared":        "-  -  -  r    r    r    rwcd r    r    rwcd -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.service.flow": {
        "company's":     "-  -  -  r    r    r    rwcd r    r    rwcd -",
        "shared":        "-  -  -  r    r    r    rwcd r    r    rwcd -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.service.flow.step": {
        "company's":     "-  -  -  r    r    r    rwcd r    r    rwcd -",
        "shared":        "-  -  -  r    r    r    rwcd r    r    rwcd -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.suggestion.stage": {
        "shared":        "-  -  -  r    r    r    rwcd r    r    rwcd -    r",
    },
    "customer.suggestion.area": {
        "company's":     "-  -  -  r    r    r    rwcd r    r    rwcd -    r",
        "shared":        "-  -  -  r    r    r    rwcd r    r    rwcd -    r",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    # How often the public form was used: administrators may let somebody in again.
    "customer.voice.flood": {
        "shared":        "-  -  -  -    -    -    -    -    -    -    rd",
    },
    # Values are written by recomputes only. Which amounts are shown is a matter of fields.
    "customer.value": {
        "own":           "-  -  -  -    -    -    -    r    r    r    -",
        "foreign":       "-  -  -  -    -    -    -    r    r    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    # What a value is made of: who may read the documents reads them here.
    "customer.value.purchase": {
        "own":           "-  -  -  -    -    -    -    r    r    r    -",
        "foreign":       "-  -  -  -    -    -    -    -    r    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.value.snapshot": {
        "own":           "-  -  -  -    -    -    -    r    r    r    -",
        "foreign":       "-  -  -  -    -    -    -    r    r    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.lifecycle.transition": {
        "own":           "-  -  -  -    -    -    -    r    r    r    -",
        "foreign":       "-  -  -  -    -    -    -    r    r    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.purchase.history": {
        "own":           "-  -  -  -    -    -    -    r    r    rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    r    rwcd -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    # Lines come with their purchase and go with it; whoever imports finds their products.
    "customer.purchase.history.line": {
        "own":           "-  -  -  -    -    -    -    r    r    rw   -",
        "foreign":       "-  -  -  -    -    -    -    -    r    rw   -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    # Imports write their own record, which stays when one is undone.
    "customer.purchase.import.batch": {
        "company's":     "-  -  -  -    -    -    -    -    -    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.lifecycle.stage": {
        "company's":     "-  -  -  -    -    -    r    r    r    rwcd -",
        "shared":        "-  -  -  -    -    -    r    r    r    rwcd -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.value.policy": {
        "company's":     "-  -  -  -    -    -    -    -    -    rwcd -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    # Lines of versions in use are refused whoever writes them: see test_policy_weights.
    "customer.value.policy.weight": {
        "company's":     "-  -  -  -    -    -    -    -    -    rwcd -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.value.run": {
        "company's":     "-  -  -  -    -    -    -    -    -    r    rd",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.value.mark": {
        "shared":        "-  -  -  -    -    -    -    -    -    -    r",
    },
    # What somebody is filling in is nobody else's.
    "customer.complaint.reason": {
        "own":           "-  -  -  rwcd rwcd rwcd rwcd rwcd rwcd rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.complaint.merge": {
        "own":           "-  -  -  rwcd rwcd rwcd rwcd rwcd rwcd rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.complaint.credit": {
        "own":           "-  -  -  rwcd rwcd rwcd rwcd rwcd rwcd rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.suggestion.merge": {
        "own":           "-  -  -  rwcd rwcd rwcd rwcd rwcd rwcd rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.suggestion.decline": {
        "own":           "-  -  -  rwcd rwcd rwcd rwcd rwcd rwcd rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.value.pin": {
        "own":           "-  -  -  -    -    -    -    rwcd rwcd rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.value.bulk": {
        "own":           "-  -  -  -    -    -    -    rwcd rwcd rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.value.dry.run": {
        "own":           "-  -  -  -    -    -    -    -    -    rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.value.weight.choice": {
        "own":           "-  -  -  -    -    -    -    -    -    rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.value.dry.run.stage": {
        "own":           "-  -  -  -    -    -    -    -    -    rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.value.dry.run.change": {
        "own":           "-  -  -  -    -    -    -    -    -    r    -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.purchase.import": {
        "own":           "-  -  -  -    -    -    -    -    -    rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.purchase.import.column": {
        "own":           "-  -  -  -    -    -    -    -    -    rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    # A check of the file lists the names that nobody knows; people tick them.
    "customer.purchase.import.unknown": {
        "own":           "-  -  -  -    -    -    -    -    -    rw   -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    # Needs, goals and what was measured: who serves a customer keeps them; who has none is everybody's.
    "customer.benefit.goal": {
        "own":           "-  -  -  rwc  rwc  rwc  rwcd rwc  rwc  rwcd -",
        "foreign":       "-  -  -  -    -    rwc  rwcd -    rwc  rwcd -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.benefit.record": {
        "own":           "-  -  -  rwc  rwc  rwc  rwcd rwc  rwc  rwcd -",
        "foreign":       "-  -  -  -    -    rwc  rwcd -    rwc  rwcd -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.benefit.correction": {
        "own":           "-  -  -  r    r    r    r    r    r    r    -",
        "foreign":       "-  -  -  -    -    r    r    -    r    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.benefit.metric": {
        "company's":     "-  -  -  r    r    r    rwcd r    r    rwcd -",
        "shared":        "-  -  -  r    r    r    rwcd r    r    rwcd -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.benefit.lock": {
        "shared":        "-  -  -  -    -    -    -    -    -    -    r",
    },
    "customer.benefit.settlement": {
        "own":           "-  -  -  rwcd rwcd rwcd rwcd rwcd rwcd rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.benefit.statement": {
        "own":           "-  -  -  rwcd rwcd rwcd rwcd rwcd rwcd rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.need": {
        "own":           "-  -  -  rwc  rwc  rwc  rwcd rwc  rwc  rwcd -    rc",
        "foreign":       "-  -  -  c    c    rwc  rwcd c    rwc  rwcd -    c",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    # Notes and life events: who serves a customer keeps them, and whoever meets one notes what others should know.
    "customer.contact.note": {
        "own":           "-  -  -  rwc  rwc  rwc  rwcd rwc  rwc  rwcd -    rwc",
        "foreign":       "-  -  -  c    c    rwc  rwcd c    rwc  rwcd -    c",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.life.event": {
        "own":           "-  -  -  rwc  rwc  rwc  rwcd rwc  rwc  rwcd -",
        "foreign":       "-  -  -  c    c    rwc  rwcd c    rwc  rwcd -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    # Contacts: whoever serves a customer logs and reads them, and what their team logged.
    "customer.contact.log": {
        "own":           "-  -  -  rwc  rwc  rwc  rwcd rwc  rwc  rwcd -    rwc",
        "team's":        "-  -  -  c    rwc  rwc  rwcd c    rwc  rwcd -",
        "foreign":       "-  -  -  c    c    rwc  rwcd c    rwc  rwcd -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.contact.channel": {
        "shared":        "-  r  -  r    r    r    rwcd r    r    rwcd r    r",
    },
    "customer.contact.wizard": {
        "own":           "-  -  -  rwcd rwcd rwcd rwcd rwcd rwcd rwcd -    rwcd",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.phone.lookup": {
        "own":           "-  -  -  rwcd rwcd rwcd rwcd rwcd rwcd rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.need.change": {
        "own":           "-  -  -  r    r    r    r    r    r    r    -    r",
        "foreign":       "-  -  -  -    -    r    r    -    r    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.need.demand": {
        "company's":     "-  -  -  r    r    r    r    r    r    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.need.type": {
        "shared":        "-  -  -  r    r    r    rwcd r    r    rwcd -    r",
    },
    "customer.need.answer": {
        "shared":        "-  -  -  rc   rc   rc   rwcd rc   rc   rwcd -    r",
    },
    # Feedback: nobody writes an answer, managers delete what was asked by mistake.
    "customer.feedback": {
        "own":           "-  -  -  r    r    r    rd   r    r    rd   -",
        "foreign":       "-  -  -  -    -    r    rd   -    r    rd   -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.feedback.rule": {
        "company's":     "-  -  -  r    r    r    rwcd r    r    rwcd -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.feedback.preview": {
        "own":           "-  -  -  -    -    -    r    -    -    r    -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.feedback.preview.line": {
        "own":           "-  -  -  -    -    -    r    -    -    r    -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.benefit.import.batch": {
        "company's":     "-  -  -  -    -    -    r    -    -    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.benefit.import": {
        "own":           "-  -  -  -    -    -    rwcd -    -    rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.benefit.import.column": {
        "own":           "-  -  -  -    -    -    rwcd -    -    rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.benefit.privacy": {
        "own":           "-  -  -  -    -    -    rwcd -    -    rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    # A care rule works with the rights of its owner: nobody makes or changes one that works with those of others.
    "customer.care.rule": {
        "own":           "-  -  -  r    r    r    rwcd r    r    rwcd -",
        "foreign":       "-  -  -  r    r    r    rd   r    r    rd   -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.care.log": {
        "own":           "-  -  -  r    r    r    r    r    r    r    -",
        "foreign":       "-  -  -  -    -    r    r    -    r    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    # A salesperson's list; leaders see those of their team.
    "customer.next.action": {
        "own":           "-  -  -  -    -    -    -    r    r    r    -",
        "foreign":       "-  -  -  -    -    -    -    -    r    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.next.action.answer": {
        "own":           "-  -  -  -    -    -    -    rwcd rwcd rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.next.action.effect": {
        "company's":     "-  -  -  -    -    -    -    -    r    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    # What was learned of customers tells amounts; efforts tell whoever starts them no more than they knew.
    "customer.lead.estimate": {
        "company's":     "-  -  -  -    -    -    -    -    r    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.lead.group": {
        "company's":     "-  -  -  -    -    -    -    -    r    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.rescue": {
        "own":           "-  -  -  -    -    -    r    rw   rw   rwd  -",
        "foreign":       "-  -  -  -    -    -    r    -    rw   rwd  -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.rescue.report": {
        "company's":     "-  -  -  -    -    -    -    -    r    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.rescue.plan": {
        "own":           "-  -  -  -    -    -    -    -    rwc  rwc  -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.rescue.plan.line": {
        "own":           "-  -  -  -    -    -    -    -    rwd  rwd  -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.care.preview": {
        "own":           "-  -  -  -    -    -    rc   -    -    rc   -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.care.preview.line": {
        "own":           "-  -  -  -    -    -    r    -    -    r    -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.festival": {
        "shared":        "-  -  -  r    r    r    rwcd r    r    rwcd -",
    },
    "customer.festival.day": {
        "shared":        "-  -  -  r    r    r    rwcd r    r    rwcd -",
    },
    # How customers are served. Levels are switched on by whoever has seen the preview.
    "customer.care.level": {
        "company's":     "-  -  -  r    r    r    rwcd r    r    rwcd -",
        "shared":        "-  -  -  r    r    r    rwcd r    r    rwcd -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    # Whoever sees the amounts of all customers.
    # What was offered to customers, and which products go together.
    "customer.offer": {
        "own":           "-  -  -  -    -    -    r    rwc  rwc  rwcd -",
        "foreign":       "-  -  -  -    -    -    r    -    rwc  rwcd -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.offer.refusal": {
        "own":           "-  -  -  -    -    -    -    rwcd rwcd rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.offer.proposal": {
        "own":           "-  -  -  -    -    -    -    -    r    r    -",
        "foreign":       "-  -  -  -    -    -    -    -    r    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.offer.effect": {
        "company's":     "-  -  -  -    -    -    -    -    r    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.product.neighbour": {
        "company's":     "-  -  -  -    -    -    -    r    r    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.category.neighbour": {
        "company's":     "-  -  -  -    -    -    -    r    r    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.product.upgrade": {
        "company's":     "-  -  -  -    -    -    -    r    r    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.product.buyers": {
        "company's":     "-  -  -  -    -    -    -    r    r    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    # A row may be that of one customer: who reads every measurement reads it, the others are told means.
    "customer.product.gain": {
        "company's":     "-  -  -  -    -    -    -    -    r    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.care.level.attention": {
        "company's":     "-  -  -  -    -    -    -    -    r    r    -",
        "other company": "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.care.level.choice": {
        "own":           "-  -  -  -    -    -    -    rwcd rwcd rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.care.level.preview": {
        "own":           "-  -  -  -    -    -    r    -    -    r    -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.care.level.preview.line": {
        "own":           "-  -  -  -    -    -    r    -    -    r    -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.relationship.break": {
        "own":           "-  -  -  rwcd rwcd rwcd rwcd rwcd rwcd rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
    "customer.word.of.mouth": {
        "own":           "-  -  -  rwcd rwcd rwcd rwcd rwcd rwcd rwcd -",
        "foreign":       "-  -  -  -    -    -    -    -    -    -    -",
    },
}

SERVICE = ("service own", "service team", "service all", "service admin", "sales own", "sales all", "sales admin")
MEETS = (*SERVICE, "meets customers")
SERVICE_ADMINS = ("service admin", "sales admin")
SALES = ("sales own", "sales all", "sales admin")
RUNS = ("sales admin", "settings")
# A person of the desk who writes invoices too; credit notes take both.
INVOICING = ("service own and invoicing",)
BILLING = (*SALES, *INVOICING)

# Every public method that this addon brings is an endpoint for programs. Who calls it, on a record of
# their own, with success?
METHODS = {
    "customer.complaint": {
        "action_acknowledge": SERVICE,
        "action_acknowledge_selected": SERVICE,
        "action_answer": SERVICE,
        "action_assign_to_me": SERVICE,
        "action_close": SERVICE,
        "action_close_selected": SERVICE,
        "action_create_credit_note": INVOICING,
        "action_create_suggestion": SERVICE,
        "action_drop_waiting_mail": SERVICE,
        "action_hand_over": SERVICE,
        "action_merge": SERVICE,
        "action_new_need": SERVICE,
        "action_new_objection": SERVICE,
        "action_reject": SERVICE,
        "action_reopen": SERVICE,
        "action_request_rating": SERVICE,
        "action_send_waiting_mail": SERVICE,
        "action_view_credit_notes": INVOICING,
        "action_view_merged": SERVICE,
        "action_view_needs": SERVICE,
        "action_view_other_complaints": SERVICE,
        "action_view_recent_complaints": SERVICE,
        "action_view_severe_complaints": SALES,
        "action_view_suggestions": SERVICE,
    },
    "customer.complaint.held.mail": {"action_take": SERVICE},
    "customer.complaint.recovery": {"action_open_complaint": ("service all", *SERVICE_ADMINS)},
    "customer.complaint.sla": {"action_apply_to_open": SERVICE_ADMINS, "action_view_complaints": SERVICE},
    "customer.complaint.team": {
        "action_view_held_mails": SERVICE,
        "action_view_missed": SERVICE,
        "action_view_open": SERVICE,
        "action_view_severe": SERVICE,
        "action_view_unassigned": SERVICE,
    },
    "customer.complaint.credit": {"action_create": INVOICING},
    "customer.complaint.merge": {"action_merge": SERVICE},
    "customer.complaint.reason": {"action_confirm": SERVICE},
    "customer.suggestion": {
        "action_create_opportunity": SALES,
        "action_new_need": MEETS,
        "action_new_objection": MEETS,
        "action_view_merged": MEETS,
        "action_view_needs": MEETS,
        "action_view_opportunity": MEETS,
    },
    "customer.suggestion.decline": {"action_decline": SERVICE},
    "customer.contact.note": {"action_change": MEETS, "action_take_off": MEETS},
    "customer.phone.lookup": {
        "action_log_contact": SERVICE,
        "action_look_up": SERVICE,
        "action_new_complaint": SERVICE,
        "action_new_contact": SALES,
        "action_new_note": SERVICE,
        "action_open_customer": SERVICE,
    },
    "customer.suggestion.merge": {"action_merge": SERVICE},
    "calendar.event": {
        "action_log_contact": MEETS,
    },
    "customer.contact.log": {
        "action_log_new": MEETS,
    },
    "customer.contact.wizard": {
        "action_log": MEETS,
    },
    "customer.value": {
        "action_add_tags": SALES,
        "action_assign_salesperson": SALES,
        "action_choose_care_level": SALES,
        "action_create_opportunities": SALES,
        "action_log_contact": SALES,
        "action_new_complaint": SALES,
        "action_new_quotation": SALES,
        "action_pin_stage": SALES,
        "action_plan_next_step": SALES,
        "action_reset_care_level": SALES,
        "action_schedule_activity": SALES,
        "action_send_email": SALES,
        "action_unpin_stage": SALES,
        "action_view_benefit_goals": SALES,
        "action_view_benefit_needs": SALES,
        "action_view_benefit_records": SALES,
        "action_view_brought_contacts": SALES,
        "action_view_promoters": SALES,
        "action_view_complaints": SALES,
        "action_view_contact_costs": SALES,
        "action_view_contact_logs": SALES,
        "action_view_due_invoices": SALES,
        "action_view_open_business": SALES,
        "action_view_open_opportunities": SALES,
        "action_view_open_quotations": SALES,
        "action_view_purchases": SALES,
        "action_view_transitions": SALES,
        "get_benefit_side": SALES,
        "get_board_note": SALES,
        "get_both_sides": SALES,
        "get_story": SALES,
    },
    "customer.value.purchase": {"action_open_document": SALES},
    "customer.value.snapshot": {"action_open_partner": SALES},
    "customer.lifecycle.stage": {
        "action_view_customers": ("service admin", *SALES),
        "action_view_waiting": ("service admin", *SALES),
    },
    "customer.value.bulk": {"action_apply": SALES},
    "customer.value.pin": {"action_pin": SALES},
    "customer.value.policy": {"action_activate": ("sales admin",), "action_new_version": ("sales admin",)},
    "customer.value.run": {"action_recompute": RUNS, "action_retry": RUNS},
    "customer.value.dry.run": {"action_apply": ("sales admin",), "action_try": ("sales admin",)},
    "customer.purchase.import.batch": {
        "action_ask_undo": ("sales admin",),
        "action_open_purchases": ("sales admin",),
        "action_undo": ("sales admin",),
    },
    "customer.purchase.import": {
        "action_ask_undo": ("sales admin",),
        "action_back": ("sales admin",),
        "action_check": ("sales admin",),
        "action_create_customers": ("sales admin",),
        "action_create_products": ("sales admin",),
        "action_download_errors": ("sales admin",),
        "action_import": ("sales admin",),
        "action_open_purchases": ("sales admin",),
        "action_read": ("sales admin",),
    },
    "res.config.settings": {"action_customer_value_recompute": RUNS},
    "res.partner": {
        "action_log_contact": MEETS,
        "action_accept_care_proposal": SALES,
        "action_mend_relationship": SALES,
        "action_new_benefit_goal": SERVICE,
        "action_new_complaint": SERVICE,
        "action_new_life_event": SERVICE,
        "action_new_need": MEETS,
        "action_new_note": MEETS,
        "action_new_objection": MEETS,
        "action_plan_next_step": SALES,
        "action_plan_value_review": SERVICE,
        "action_view_benefit_goals": SERVICE,
        "action_view_benefit_records": SERVICE,
        "action_view_care": SERVICE,
        "action_view_brought_contacts": SERVICE,
        "action_view_complaints": SERVICE,
        "action_view_contact_logs": MEETS,
        "action_view_customer_value": SALES,
        "action_view_feedback": SERVICE,
        "action_view_life_events": SERVICE,
        "action_view_needs": MEETS,
        "action_view_rescues": ("service admin", *SALES),
        "action_view_severe_complaints": SALES,
        "action_view_suggestions": SERVICE,
        "action_view_value_reviews": SERVICE,
        "get_benefit_side": SERVICE,
        "get_timeline": ("internal", *MEETS, "settings"),
        "action_offer_later": SALES,
        "action_offer_opportunity": SALES,
        "action_offer_quotation": SALES,
        "action_offer_refuse": SALES,
        "get_offers": SALES,
    },
    "sale.order": {
        "action_offer_add": SALES,
        "action_view_complaints": BILLING,
        "action_view_severe_complaints": SALES,
    },
    "account.move": {"action_view_complaints": BILLING},
    "crm.lead": {
        "action_customer_take": SALES,
        "action_offer_quotation": SALES,
        "action_new_complaint": SALES,
        "action_new_need": SALES,
        "action_new_objection": SALES,
        "action_take_referred": SALES,
        "action_view_needs": SALES,
        "action_view_severe_complaints": SALES,
        "action_view_suggestion": SALES,
    },
    "customer.benefit.goal": {
        "action_accept": SERVICE,
        "action_decline": SERVICE,
        "action_plan_review": SERVICE,
        "action_view_records": SERVICE,
    },
    "customer.benefit.metric": {
        "action_view_goals": SERVICE,
        "action_view_records": SERVICE,
    },
    "customer.benefit.record": {
        "action_check": SERVICE,
        "action_note_confirmation": SERVICE,
        "action_settle": SERVICE,
    },
    "customer.need": {
        "action_create_goal": SERVICE,
        "action_create_opportunities": SALES,
        "action_create_suggestion": SERVICE,
        "action_view_goals": SERVICE,
    },
    "customer.benefit.settlement": {
        "action_settle": SERVICE,
    },
    "customer.benefit.statement": {
        "action_print": SERVICE,
    },
    "product.template": {
        "get_both_sides": ("internal", *SERVICE, "settings", "meets customers"),
    },
    "customer.need.demand": {
        "action_create_opportunities": SALES,
        "action_create_suggestion": SERVICE,
        "action_view_needs": SERVICE,
    },
    "customer.feedback": {"get_feedback_results": SERVICE},
    "customer.feedback.rule": {
        "action_preview": SERVICE_ADMINS,
        "action_switch_off": SERVICE_ADMINS,
        "action_switch_on": SERVICE_ADMINS,
        "action_view_feedback": SERVICE,
    },
    "customer.feedback.preview": {"action_switch_on": SERVICE_ADMINS},
    "customer.feedback.preview.line": {"action_view_contacts": SERVICE_ADMINS},
    "customer.benefit.import.batch": {
        "action_ask_undo": SERVICE_ADMINS,
        "action_open_records": SERVICE_ADMINS,
        "action_open_to_check": SERVICE_ADMINS,
        "action_undo": SERVICE_ADMINS,
    },
    "customer.benefit.import": {
        "action_ask_undo": SERVICE_ADMINS,
        "action_back": SERVICE_ADMINS,
        "action_check": SERVICE_ADMINS,
        "action_download_errors": SERVICE_ADMINS,
        "action_import": SERVICE_ADMINS,
        "action_open_records": SERVICE_ADMINS,
        "action_open_to_check": SERVICE_ADMINS,
        "action_read": SERVICE_ADMINS,
    },
    "customer.benefit.privacy": {
        "action_erase": SERVICE_ADMINS,
        "action_export": SERVICE_ADMINS,
    },
    "customer.care.rule": {"action_preview": SERVICE_ADMINS, "action_view_logs": SERVICE},
    "customer.next.action": {
        "action_do": SALES,
        "action_done": SALES,
        "action_later": SALES,
        "action_log_contact": SALES,
        "action_meet": SALES,
        "action_not_useful": SALES,
        "action_open_customer": SALES,
        "action_quote": SALES,
        "action_write": SALES,
    },
    "customer.offer": {"action_later": SALES, "action_refuse": SALES},
    "customer.offer.effect": {
        "action_view_offers": ("sales all", "sales admin"),
        "action_view_proposals": ("sales all", "sales admin"),
    },
    "customer.offer.refusal": {"action_refuse": SALES},
    "customer.next.action.answer": {"action_answer": SALES},
    "customer.next.action.effect": {"action_view_actions": ("sales all", "sales admin")},
    "customer.care.preview": {"action_open_coming": SERVICE_ADMINS, "action_view_lines": SERVICE_ADMINS},
    "customer.care.level": {
        "action_new_deadline_rule": SERVICE,
        "action_preview": SERVICE_ADMINS,
        "action_switch_off": SERVICE_ADMINS,
        "action_view_broken": SERVICE,
        "action_view_customers": SERVICE,
        "action_view_deadline_rules": SERVICE,
    },
    "customer.care.level.attention": {"action_view_customers": ("sales all", "sales admin")},
    "customer.care.level.choice": {"action_choose": SALES},
    "customer.care.level.preview": {"action_switch_on": SERVICE_ADMINS},
    "customer.relationship.break": {"action_break": SALES},
    "crm.team": {"action_customer_targets": SALES},
    "customer.lead.estimate": {"action_view_groups": ("sales all", "sales admin")},
    "customer.rescue": {"action_view_lead": SALES},
    "customer.rescue.report": {"action_view_rescues": ("sales all", "sales admin")},
    "customer.rescue.plan": {
        "action_find": ("sales all", "sales admin"),
        "action_start": ("sales all", "sales admin"),
    },
    "customer.word.of.mouth": {
        "action_view_detractors": SERVICE,
        "action_view_promoters": SERVICE,
    },
}
# With the glue for stock, projects and loyalty; who of them works there is a matter of those apps.
GLUE_METHODS = {
    "customer.need.demand": {"action_create_task"},
    "customer.suggestion": {"action_create_task", "action_view_task"},
    "customer.value": {"action_view_loyalty_history"},
    "project.task": {"action_view_suggestion"},
    "stock.picking": {"action_view_complaints"},
}


def columns(cells):
    """Return {person: letters} of a line of ``RIGHTS``."""
    found = cells.split()
    if len(found) == len(PEOPLE) - 1:
        found.append("-")
    return {person: "" if cell == "-" else cell for person, cell in zip(PEOPLE, found, strict=True)}


def render():
    """Return the tables of the README."""
    lines = [
        "r read, w write, c create, d delete. *Own*: assigned to them, made by them or of their customer; for",
        "customers, of their own contact. *Team's*: of a colleague in their team; for customers, in their company.",
        "*Foreign*: of somebody else in their company. *Company's*: of a company they work for. *Shared*: of no",
        "company. Whatever has no line here, above all records of a company one does not work for, is closed; so is",
        "everything to the public and to internal users without one of these groups. Tests try each cell, and whether",
        "the tables below are those of `tests/base/rights_declared.py`, which writes them.",
        "",
    ]
    shown = [person for person in PEOPLE if person not in ("public", "internal")]
    lines.append("| model | whose | " + " | ".join(shown) + " |")
    lines.append("|---" * (2 + len(shown)) + "|")
    for model, rows in RIGHTS.items():
        merged = {}
        for whose, cells in rows.items():
            if set(cells.split()) != {"-"}:
                merged.setdefault(cells, []).append(whose)
        for number, (cells, whose) in enumerate(merged.items()):
            row = columns(cells)
            name = "" if number else f"`{model}`"
            lines.append(f"| {name} | {', '.join(whose)} | " + " | ".join(row[person] for person in shown) + " |")
    lines += [
        "",
        "Public methods, which any program may call, and who calls them with success on a record of their own:",
        "",
        "| model | methods | who |",
        "|---|---|---|",
    ]
    names = {
        SERVICE: "service, sales", MEETS: "service, sales, meets customers",
        SERVICE_ADMINS: "service admin, sales admin", SALES: "sales",
        INVOICING: "service with invoicing", BILLING: "sales, service with invoicing",
    }
    for model, methods in METHODS.items():
        callers = {}
        for method, who in methods.items():
            callers.setdefault(who, []).append(f"`{method}`")
        for number, (who, found) in enumerate(callers.items()):
            name = "" if number else f"`{model}`"
            lines.append(f"| {name} | {', '.join(found)} | {names.get(who) or ', '.join(who)} |")
    return "".join(f"{line}\n" for line in lines)


def written():
    """Return the README's text with the tables as they have to be."""
    text = README.read_text(encoding="utf-8")
    if text.count(START) != 1 or text.count(END) != 1:
        raise ValueError(f"{README} has no place for the tables of rights: {START!r} … {END!r}")
    return re.sub(
        f"{re.escape(START)}.*{re.escape(END)}", lambda _: f"{START}{render()}{END}", text, flags=re.DOTALL
    )


if __name__ == "__main__":
    README.write_text(written(), encoding="utf-8")
