import { expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, mockService, models, mountView, onRpc, serverState } from "@web/../tests/web_test_helpers";

import "@crm_customer_value/offer/offers/offers";

const PARTNER = serverState.partnerId;

class Order extends models.Model {
    _name = "sale.order";

    name = fields.Char();
    partner_id = fields.Many2one({ relation: "res.partner" });
    company_id = fields.Integer();
    state = fields.Char();
    order_line = fields.One2many({ relation: "sale.order.line" });

    _records = [
        { id: 3, name: "S3", partner_id: PARTNER, state: "draft" },
        { id: 4, name: "S4", partner_id: PARTNER, state: "sale" },
        { id: 7, name: "S7", partner_id: PARTNER, state: "draft", order_line: [1, 2] },
    ];
    _views = {
        form: `<form><field name="name"/><field name="partner_id"/><field name="state"/><field name="order_line"><list><field name="product_id"/></list></field><widget name="customer_offers"/></form>`,
    };
}

class OrderLine extends models.Model {
    _name = "sale.order.line";

    product_id = fields.Many2one({ relation: "product.product" });

    _records = [
        { id: 1, product_id: 12 },
        { id: 2, product_id: 21 },
    ];
}

class Product extends models.Model {
    _name = "product.product";

    name = fields.Char();

    _records = [
        { id: 12, name: "Flour" },
        { id: 21, name: "Chair" },
    ];
}

class Lead extends models.Model {
    _name = "crm.lead";

    name = fields.Char();
    partner_id = fields.Many2one({ relation: "res.partner" });

    _records = [
        { id: 5, name: "New office", partner_id: PARTNER },
        { id: 6, name: "Nobody yet", partner_id: false },
    ];
    _views = { form: `<form><field name="partner_id"/><widget name="customer_offers"/></form>` };
}

defineMailModels();
defineModels([Order, OrderLine, Product, Lead]);

const LAMP = {
    product_id: 11,
    name: "Lamp",
    reason: "9 of 14 customers who bought “Desk” also bought this.",
    confidence: "medium",
    confidence_text: "Likely",
    confidence_help: "At least 38 of 100",
    margin: "$ 38.57",
};
const FLOUR = { product_id: 12, name: "Flour", quantity: 3, is_late: true, text: "Usually buys this every 30 days." };
const SALT = {
    product_id: 13,
    name: "Salt",
    is_usual: true,
    is_sold: true,
    quantity: false,
    quantity_text: "",
    text: "On 3 of 6 days of purchase",
};
const OLD = { ...SALT, product_id: 14, name: "Old", is_sold: false };
const OFFERED = { id: 21, product_id: 31, is_sold: true, name: "Chair", text: "Offered yesterday" };

function panel(values = {}) {
    return { offers: [LAMP], empty: "", open: [], due: [], favorites: [], ...values };
}

/** Mount a form; each call of the server is a step, and the panels are shown one after the other. */
async function mountOffers(resModel, resId, ...panels) {
    const done = [];
    mockService("action", {
        doAction: async (action, options) => {
            done.push(action);
            options?.onClose?.();
        },
    });
    onRpc("res.partner", "get_offers", ({ args, kwargs }) => {
        expect.step(["get_offers", args[0], kwargs.company_id]);
        return panels.length > 1 ? panels.shift() : panels[0];
    });
    for (const [model, method, answer] of [
        ["sale.order", "action_offer_add", false],
        ["crm.lead", "action_offer_quotation", { type: "quotation" }],
        ["res.partner", "action_offer_quotation", { type: "quotation" }],
        ["res.partner", "action_offer_opportunity", { type: "opportunity" }],
        ["res.partner", "action_offer_later", false],
        ["res.partner", "action_offer_refuse", { type: "refusal" }],
        ["customer.offer", "action_later", false],
        ["customer.offer", "action_refuse", { type: "refusal" }],
    ]) {
        onRpc(model, method, ({ args, kwargs }) => {
            expect.step([method, args[0], kwargs.product_id, kwargs.quantity].filter((part) => part !== undefined));
            return answer;
        });
    }
    await mountView({ type: "form", resModel, resId });
    await animationFrame();
    return done;
}

test("a proposal has its reason, how sure it is, and what it may bring", async () => {
    await mountOffers("sale.order", 3, panel());
    expect.verifySteps([["get_offers", [PARTNER], false]]);
    expect("[data-product='11'] .badge").toHaveText("Likely");
    expect("[data-product='11'] .ms-md-auto").toHaveText("Expected margin $ 38.57");
    expect("[data-product='11'] .small.text-break").toHaveText(LAMP.reason);
    expect(queryAllTexts("[data-product='11'] button")).toEqual(["Add to Quotation", "Later", "Refused"]);
});

test("an amount that is not shown leaves no place for it", async () => {
    await mountOffers("sale.order", 3, panel({ offers: [{ ...LAMP, margin: "" }] }));
    expect("[data-product='11'] .ms-md-auto").toHaveCount(0);
    expect.verifySteps([["get_offers", [PARTNER], false]]);
});

test("add to a quotation, and show what to offer instead", async () => {
    await mountOffers("sale.order", 3, panel(), panel({ offers: [], empty: "Nothing new", open: [OFFERED] }));
    await click("[data-do=quote]");
    await animationFrame();
    expect.verifySteps([
        ["get_offers", [PARTNER], false],
        ["action_offer_add", [3], 11, 1],
        ["get_offers", [PARTNER], false],
    ]);
    expect(".o_offers_empty").toHaveText("Nothing new");
    expect("[data-offer='21'] .fw-bold").toHaveText("Chair");
});

test("a confirmed order is only looked at", async () => {
    await mountOffers("sale.order", 4, panel({ due: [FLOUR], favorites: [SALT] }));
    expect.verifySteps([["get_offers", [PARTNER], false]]);
    expect("[data-do=quote], [data-do=basket]").toHaveCount(0);
});

test("the usual basket is added as it is usually bought, without what is no longer sold", async () => {
    const usual = { ...SALT, quantity: 3, quantity_text: "3 Bags" };
    await mountOffers("sale.order", 3, panel({ favorites: [usual, { ...SALT, product_id: 15 }, OLD] }));
    expect("[data-product='13'] .ms-md-auto").toHaveText("usually 3 Bags");
    expect(queryAllTexts("[data-product='14'] .badge")).toEqual(["Usual basket", "No longer sold"]);
    await click("[data-do=basket]");
    await animationFrame();
    expect.verifySteps([
        ["get_offers", [PARTNER], false],
        ["action_offer_add", [3], 13, 3],
        ["action_offer_add", [3], 15, 1],
        ["get_offers", [PARTNER], false],
    ]);
});

test("what is on the quotation already is not added twice", async () => {
    const flour = { ...SALT, product_id: 12 };
    await mountOffers(
        "sale.order",
        7,
        panel({ offers: [], open: [{ ...OFFERED, product_id: 21 }], due: [FLOUR], favorites: [flour] })
    );
    expect("[data-do=quote], [data-do=basket]").toHaveCount(0);
    expect(".o_offers_due li").toHaveText(/On this quotation/);
    expect.verifySteps([["get_offers", [PARTNER], false]]);
});

test("only what is missing of the usual basket is added", async () => {
    await mountOffers("sale.order", 7, panel({ offers: [], favorites: [{ ...SALT, product_id: 12 }, SALT] }));
    await click("[data-do=basket]");
    await animationFrame();
    const shown = ["get_offers", [PARTNER], false];
    expect.verifySteps([shown, ["action_offer_add", [7], 13, 1], shown]);
});

test("what was offered goes to a quotation, unless it is no longer sold", async () => {
    const gone = { ...OFFERED, id: 22, product_id: 32, is_sold: false };
    const done = await mountOffers("crm.lead", 5, panel({ offers: [], open: [OFFERED, gone] }));
    expect(queryAllTexts("[data-offer='21'] button")).toEqual(["New Quotation", "Later", "Refused"]);
    expect(queryAllTexts("[data-offer='22'] button")).toEqual(["Later", "Refused"]);
    await click("[data-offer='21'] [data-do=quote]");
    await animationFrame();
    expect.verifySteps([
        ["get_offers", [PARTNER], false],
        ["action_offer_quotation", [5], 31],
    ]);
    expect(done).toEqual([{ type: "quotation" }]);
});

test("what is due again goes to the quotation", async () => {
    await mountOffers("sale.order", 3, panel({ due: [FLOUR] }));
    await click(".o_offers_due [data-do=quote]");
    await animationFrame();
    expect.verifySteps([
        ["get_offers", [PARTNER], false],
        ["action_offer_add", [3], 12, 3],
        ["get_offers", [PARTNER], false],
    ]);
});

test("an opportunity makes a quotation", async () => {
    const done = await mountOffers("crm.lead", 5, panel());
    expect(queryAllTexts("[data-product='11'] button")).toEqual(["New Quotation", "Later", "Refused"]);
    await click("[data-do=quote]");
    await animationFrame();
    expect.verifySteps([
        ["get_offers", [PARTNER], false],
        ["action_offer_quotation", [5], 11],
    ]);
    expect(done).toEqual([{ type: "quotation" }]);
});

test("without a customer nothing is asked for", async () => {
    await mountOffers("crm.lead", 6, panel());
    expect.verifySteps([]);
    expect(".o_widget_customer_offers").toHaveText("Choose the customer first.");
});

test("later, and refused, of proposals and of what was offered", async () => {
    const done = await mountOffers("crm.lead", 5, panel({ open: [OFFERED] }));
    for (const selector of ["[data-product='11']", "[data-offer='21']"]) {
        for (const answer of ["later", "refuse"]) {
            await click(`${selector} [data-do=${answer}]`);
            await animationFrame();
        }
    }
    const shown = ["get_offers", [PARTNER], false];
    expect.verifySteps([
        shown,
        ["action_offer_later", [PARTNER], 11],
        shown,
        ["action_offer_refuse", [PARTNER], 11],
        shown,
        ["action_later", [21]],
        shown,
        ["action_refuse", [21]],
        shown,
    ]);
    expect(done).toEqual([{ type: "refusal" }, { type: "refusal" }]);
});
