import { describe, expect, test } from "@odoo/hoot";
import {
    click,
    contains,
    defineMailModels,
    insertText,
    openFormView,
    start,
    startServer,
} from "@mail/../tests/mail_test_helpers";
import { asyncStep, onRpc, waitForSteps } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");
defineMailModels();

const POPOVER = ".o-mail-ActivityMarkAsDone";

/** Open the question with which an activity of a contact is marked as done. */
async function markDone(category, mayLog = true) {
    const pyEnv = await startServer();
    const partnerId = pyEnv["res.partner"].create({});
    const activityId = pyEnv["mail.activity"].create({
        activity_category: category,
        can_write: true,
        res_id: partnerId,
        res_model: "res.partner",
    });
    onRpc("customer.contact.log", "has_access", () => mayLog);
    onRpc("mail.activity", "write", ({ args }) => {
        expect(args[0]).toEqual([activityId]);
        asyncStep(JSON.stringify(args[1]));
        return true;
    });
    onRpc("mail.activity", "action_feedback", ({ kwargs }) => {
        asyncStep(`done: ${kwargs.feedback}`);
        return true;
    });
    await start();
    await openFormView("res.partner", partnerId);
    await click(".btn", { text: "Mark Done" });
    await contains(POPOVER);
}

test("a call is asked for its minutes, which are kept before it is done", async () => {
    await markDone("phonecall");
    await insertText(`${POPOVER} textarea[placeholder='What did you learn?']`, "They grow");
    await insertText(`${POPOVER} .o_customer_call_minutes input`, "12");
    await click(`${POPOVER} button[aria-label='Done']`);
    await waitForSteps(['{"call_minutes":12}', "done: They grow"]);
});

test("a call without minutes is marked as done as ever", async () => {
    await markDone("phonecall");
    await insertText(`${POPOVER} textarea`, "Nobody there");
    await click(`${POPOVER} button[aria-label='Done']`);
    await waitForSteps(["done: Nobody there"]);
});

test("other activities, and people who log nothing, are asked for no minutes", async () => {
    await markDone("default");
    await contains(`${POPOVER} textarea[placeholder='Write Feedback']`);
    await contains(`${POPOVER} .o_customer_call_minutes`, { count: 0 });
});

test("who may not log contacts is asked for no minutes", async () => {
    await markDone("phonecall", false);
    await contains(`${POPOVER} textarea[placeholder='Write Feedback']`);
    await contains(`${POPOVER} .o_customer_call_minutes`, { count: 0 });
});
