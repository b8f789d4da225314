import { expect, test } from "@odoo/hoot";
import { click, press, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { animationFrame, mockDate } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, mockService, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

import "@crm_customer_value/timeline/timeline/timeline";

class Customer extends models.Model {
    _name = "customer";

    name = fields.Char();

    _records = [{ id: 7, name: "Bakery" }];
    _views = { form: `<form><widget name="customer_timeline"/></form>` };
}

defineMailModels();
defineModels([Customer]);

const KINDS = [
    { name: "contact", label: "In Touch", icon: "fa-comments-o", count: 2 },
    { name: "note", label: "What to Know", icon: "fa-thumb-tack", count: 1 },
    { name: "order", label: "Orders", icon: "fa-shopping-cart", count: 0 },
];

function entry(kind, id, moment, values = {}) {
    return {
        key: `${kind}-${id}`,
        kind,
        icon: "fa-phone",
        label: kind,
        date: false,
        moment,
        title: `${kind} ${id}`,
        text: "",
        state: "",
        color: "secondary",
        amount: "",
        person: "",
        user: "",
        res_model: `customer.${kind}`,
        res_id: id,
        ...values,
    };
}

const CALL = entry("contact", 2, "2026-03-05 09:00:00", { text: "More rye", state: "12 min", person: "Bea", user: "Selma" });
const NOTE = entry("note", 1, "2026-02-04 00:00:00", { date: "2026-02-04" });
const NEXT = ["2026-02-04T00:00:00", "note", 1];
const OLD_CALL = entry("contact", 1, "2025-02-01 09:00:00");

/** Mount the form of a contact; each call of the timeline is a step, and answered by its place in ``pages``. */
async function mountTimeline(...pages) {
    const opened = [];
    mockService("action", {
        doAction: async (action, options) => {
            opened.push(action);
            options?.onClose?.();
        },
        doActionButton: async ({ onClose, ...button }) => {
            opened.push(button);
            await onClose();
        },
    });
    onRpc("customer", "get_timeline", ({ kwargs }) => {
        expect.step([kwargs.kinds, kwargs.after]);
        return pages.shift();
    });
    onRpc("customer", "web_read", () => {
        opened.reads = (opened.reads || 0) + 1;
    });
    await mountView({ type: "form", resModel: "customer", resId: 7 });
    await animationFrame();
    return opened;
}

const first = (values = {}) => ({ entries: [CALL, NOTE], next: false, kinds: KINDS, new: [], ...values });

test("entries stand under their months and open their records", async () => {
    mockDate("2026-03-10 12:00:00");
    const opened = await mountTimeline(first());
    expect.verifySteps([[[], false]]);
    expect(queryAllTexts(".o_timeline h4")).toEqual(["March 2026", "February 2026"]);
    expect("[data-entry=contact-2] .badge").toHaveText("12 min");
    expect("[data-entry=contact-2] .o_timeline_text").toHaveText("More rye");
    expect("[data-entry=contact-2] .text-muted").toHaveText(/ · Bea · Selma$/);
    await click("[data-entry=note-1] .o_timeline_title");
    expect(opened).toEqual([
        { type: "ir.actions.act_window", res_model: "customer.note", res_id: 1, views: [[false, "form"]] },
    ]);
});

test("what is ahead is told apart", async () => {
    mockDate("2026-03-01 12:00:00");
    await mountTimeline(first());
    expect(queryAllTexts(".o_timeline h4")).toEqual(["Still to come", "February 2026"]);
    expect.verifySteps([[[], false]]);
});

test("kinds are chosen and given up again, those without entries are not offered", async () => {
    const page = first({ entries: [NOTE] });
    await mountTimeline(first(), page, first(), page, first());
    expect(queryAllTexts(".o_timeline [data-kind]")).toEqual(["All 3", "In Touch2", "What to Know1"]);
    expect("[data-kind=all]").toHaveAttribute("aria-pressed", "true");
    await click("[data-kind=note]");
    await animationFrame();
    expect("[data-kind=note]").toHaveAttribute("aria-pressed", "true");
    expect(".o_timeline_title").toHaveCount(1);
    await click("[data-kind=note]");
    await animationFrame();
    expect("[data-kind=all]").toHaveAttribute("aria-pressed", "true");
    await click("[data-kind=note]");
    await animationFrame();
    await click("[data-kind=all]");
    await animationFrame();
    expect.verifySteps([
        [[], false],
        [["note"], false],
        [[], false],
        [["note"], false],
        [[], false],
    ]);
});

test("earlier entries come below, and the keyboard goes on there", async () => {
    await mountTimeline(first({ next: NEXT }), { entries: [OLD_CALL], next: false });
    queryFirst(".o_timeline_more").focus();
    await press("Enter");
    await animationFrame();
    await animationFrame();
    expect.verifySteps([
        [[], false],
        [[], NEXT],
    ]);
    expect(queryAllTexts(".o_timeline_title")).toEqual(["contact 2", "note 1", "contact 1"]);
    expect("[data-entry=contact-1] .o_timeline_title").toBeFocused();
    expect(".o_timeline_more").toHaveCount(0);
});

test("without entries, it says what would be there, and offers the first one", async () => {
    const empty = first({
        entries: [],
        kinds: KINDS.map((kind) => ({ ...kind, count: 0 })),
        new: [{ text: "Log a Contact", action: "action_log_contact" }],
    });
    const opened = await mountTimeline(empty, first());
    expect(".o_timeline_empty").toHaveText(/In Touch, What to Know, Orders/);
    await click(".o_timeline_empty button");
    await animationFrame();
    expect([...opened]).toEqual([
        { type: "object", name: "action_log_contact", resModel: "customer", resId: 7 },
    ]);
    // What the form shows beside the timeline is as new as the timeline.
    expect(opened.reads).toBe(2);
    expect(".o_timeline_title").toHaveCount(2);
    expect.verifySteps([
        [[], false],
        [[], false],
    ]);
});
