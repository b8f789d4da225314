import { expect, test } from "@odoo/hoot";
import { click, press, queryAll, queryFirst } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { clickSave, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

class Need extends models.Model {
    _name = "need";

    importance = fields.Integer();

    _records = [{ id: 1, importance: 3 }];
}

defineModels([Need]);
defineMailModels();

const ARCH = `<form><field name="importance" widget="customer_need_importance" options="{'text': True}"/></form>`;
const stars = () => queryAll("[role=radio] .fa-star").length;
const mountForm = (arch = ARCH) => mountView({ type: "form", resModel: "need", resId: 1, arch });

test("a click chooses, and says what it means", async () => {
    onRpc("web_save", ({ args }) => expect.step(args[1]));
    await mountForm();
    expect("[role=radiogroup]").toHaveAttribute("aria-label", "Importance");
    expect(stars()).toBe(3);
    expect("[aria-checked=true]").toHaveAttribute("aria-label", "3 of 5: Matters");
    await click("[role=radio]:eq(4)");
    await animationFrame();
    expect(stars()).toBe(5);
    expect(".o_customer_need_importance").toHaveText("Decides whether they buy");
    await clickSave();
    expect.verifySteps([{ importance: 5 }]);
});

test("the keyboard goes from star to star, and no further than to the ends", async () => {
    await mountForm();
    queryFirst("[role=radio][tabindex='0']").focus();
    for (const [key, level] of [
        ["ArrowRight", 4],
        ["ArrowUp", 5],
        ["ArrowUp", 5],
        ["Home", 1],
        ["ArrowLeft", 1],
        ["2", 2],
        ["9", 2],
        ["End", 5],
        ["ArrowDown", 4],
    ]) {
        await press(key);
        await animationFrame();
        expect(stars()).toBe(level);
    }
    expect("[data-level='4']").toBeFocused();
    expect("[role=radio][tabindex='0']").toHaveCount(1);
});

test("who only reads sees a picture with its text", async () => {
    await mountForm(ARCH.replace("<field", "<field readonly='1'"));
    expect("[role=radio]").toHaveCount(0);
    expect("[role=img]").toHaveAttribute("aria-label", "3 of 5: Matters");
    expect(".fa-star").toHaveCount(3);
});
