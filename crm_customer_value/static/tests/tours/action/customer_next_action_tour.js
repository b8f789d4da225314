import { registry } from "@web/core/registry";

const card = (name) => `.o_kanban_record:contains(${name})`;
const gone = (name) => `body:not(:has(.modal)) .o_kanban_renderer:not(:has(${card(name)}))`;

/** The morning of a salesperson on a phone: one customer is called, one is put off, one is no use, and that is all. */
registry.category("web_tour.tours").add("customer_next_action_tour", {
    steps: () => [
        {
            content: "The first card says whom to call, why, what to say and what it is worth",
            trigger: [
                ".o_kanban_record:first",
                ":contains(Oak Bakery):contains(Anna):contains(555 0100):contains(No purchase since)",
                ":contains(Ask how they are doing):contains(900.00):contains(Money at risk)",
            ].join(""),
        },
        {
            content: "Nobody has to scroll sideways",
            trigger: ".o_kanban_renderer",
            run: () => {
                const { scrollWidth, clientWidth } = document.documentElement;
                if (scrollWidth > clientWidth) {
                    throw new Error(`The page is ${scrollWidth} wide on a screen of ${clientWidth}`);
                }
            },
        },
        {
            content: "One button does it",
            trigger: `${card("Oak Bakery")} button.btn-primary:contains(Log the Call)`,
            run: "click",
        },
        {
            trigger: ".modal [name=partner_ids]:contains(Anna)",
        },
        {
            content: "What was learned",
            trigger: ".modal [name=summary] textarea",
            run: "edit They open a second shop",
        },
        {
            trigger: ".modal button[name=action_log]",
            run: "click",
        },
        {
            content: "The card is gone, and the next one is put off",
            trigger: `${gone("Oak Bakery")} ${card("Water Mill")} button[name=action_later]`,
            run: "click",
        },
        {
            trigger: ".modal:contains(Water Mill) button[name=action_answer]",
            run: "click",
        },
        {
            content: "The last one is no use",
            trigger: `${gone("Water Mill")} ${card("Old Silo")} button[name=action_not_useful]`,
            run: "click",
        },
        {
            content: "Without a reason nothing happens",
            trigger: ".modal button[name=action_answer]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_invalid[name=reason]",
        },
        {
            trigger: ".modal label:contains(I know this customer better)",
            run: "click",
        },
        {
            trigger: ".modal [name=note] input",
            run: "edit They are on holiday",
        },
        {
            trigger: ".modal button[name=action_answer]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_view_nocontent:contains(Nothing more today)",
        },
    ],
});

/** The same without a mouse: arrows go from card to card, Enter opens one, and Alt with a letter answers it. */
registry.category("web_tour.tours").add("customer_next_action_keyboard_tour", {
    steps: () => [
        {
            content: "The first card has the focus, and an arrow goes to the next one",
            trigger: `${card("Oak Bakery")}:focus`,
            run: "press ArrowRight",
        },
        {
            trigger: `${card("Water Mill")}:focus`,
            run: "press ArrowLeft",
        },
        {
            trigger: `${card("Oak Bakery")}:focus`,
            run: "press Enter",
        },
        {
            trigger: ".o_form_view:contains(Oak Bakery) button[name=action_do][data-hotkey=q]:contains(Log the Call)",
            run: "press alt+q",
        },
        {
            trigger: ".modal [name=summary] textarea:focus",
            run: "edit They open a second shop",
        },
        {
            trigger: ".modal button[name=action_log]",
            run: "press alt+q",
        },
        {
            content: "The day goes on with the next card, which has the focus",
            trigger: `${gone("Oak Bakery")} ${card("Water Mill")}:focus`,
            run: "press Enter",
        },
        {
            trigger: ".o_form_view:contains(Water Mill) button[name=action_done]",
            run: "press alt+w",
        },
        {
            trigger: `${gone("Water Mill")} ${card("Old Silo")}:focus`,
            run: "press Enter",
        },
        {
            trigger: ".o_form_view:contains(Old Silo) button[name=action_later]",
            run: "press alt+y",
        },
        {
            trigger: ".modal:contains(Old Silo) button[name=action_answer]",
            run: "press alt+q",
        },
        {
            trigger: "body:not(:has(.modal)) .o_view_nocontent:contains(Nothing more today)",
        },
    ],
});
