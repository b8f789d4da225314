import { registry } from "@web/core/registry";

/** A customer proposes, is told what is missing, and supports what another customer proposed. */
registry.category("web_tour.tours").add("customer_suggestion_portal_tour", {
    steps: () => [
        {
            content: "From the home of the portal to suggestions",
            trigger: ".o_portal_index_card a[href='/my/suggestions']:visible",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "p:contains(You have not made a suggestion yet)",
        },
        {
            trigger: "a[href='/my/suggestions/new']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#suggestion_name",
            run: "edit Smaller parcels",
        },
        {
            content: "A blank is no text",
            trigger: "#suggestion_description",
            run: ({ anchor }) => {
                anchor.value = "   ";
            },
        },
        {
            trigger: "label[for=suggestion_public]",
            run: "click",
        },
        {
            trigger: ".o_suggestion_form button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#error_description:contains(Please describe your suggestion)",
        },
        {
            content: "What was typed is kept",
            trigger: "#suggestion_name:value(Smaller parcels)",
        },
        {
            trigger: "#suggestion_public:checked",
        },
        {
            trigger: "#suggestion_description",
            run: "edit Half the size would do",
        },
        {
            trigger: ".o_suggestion_form button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "[role=status]:contains(Thank you)",
        },
        {
            trigger: ".o_suggestion_timeline [aria-current=step]:contains(New)",
        },
        {
            content: "Messages are there",
            trigger: "#suggestion_chat:has(#discussion) h4",
        },
        {
            trigger: ".breadcrumb a[href='/my/suggestions']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_suggestion_list a:contains(Smaller parcels)",
        },
        {
            trigger: ".nav-pills a:contains(Other Customers)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_suggestion_list a:contains(One invoice a month)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "No messages of others",
            trigger: "#wrap:not(:has(#discussion)) .o_suggestion_support button[aria-pressed=false]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_suggestion_support button[aria-pressed=true]:contains(1)",
        },
        {
            content: "Nothing wider than the screen",
            trigger: "body",
            run: () => {
                const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
                if (over > 0) {
                    throw new Error(`The page is ${over} px wider than the screen`);
                }
            },
        },
    ],
});

/** An employee takes a suggestion by phone, declines another, and merges two. */
registry.category("web_tour.tours").add("customer_suggestion_tour", {
    steps: () => [
        {
            content: "Columns are the stages",
            trigger: ".o_kanban_group:contains(Under Review) .o_kanban_record:contains(One invoice a month)",
        },
        {
            trigger: ".o-kanban-button-new",
            run: "click",
        },
        {
            trigger: ".o_kanban_quick_create [name=name] input, .o_form_view [name=name] textarea",
            run: "edit Answer on Saturdays",
        },
        {
            trigger: ".o_kanban_quick_create .o_kanban_edit, .o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_view [name=number]:contains(CS)",
        },
        {
            trigger: "button:contains(Decline)",
            run: "click",
        },
        {
            trigger: ".modal [name=reason] textarea",
            run: "edit Nobody is here on Saturdays",
        },
        {
            trigger: ".modal button[name=action_decline]",
            run: "click",
        },
        {
            trigger: ".o_form_view:not(:has(.modal)) [name=decline_reason] textarea:value(Nobody is here on Saturdays)",
        },
        {
            trigger: ".breadcrumb-item a, .o_back_button",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains(One invoice a month)",
            run: "click",
        },
        {
            trigger: ".o_form_view button:contains(Merge)",
            run: "click",
        },
        {
            trigger: ".modal [name=target_id] input",
            run: "edit Collective",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Collective invoices)",
            run: "click",
        },
        {
            trigger: ".modal [name=supporter_count]:contains(1)",
        },
        {
            trigger: ".modal button[name=action_merge]",
            run: "click",
        },
        {
            trigger: ".o_form_view [name=name] textarea:value(Collective invoices)",
        },
        {
            trigger: ".nav-link[name=supporters]",
            run: "click",
        },
        {
            trigger: "[name=support_ids] .o_data_row:contains(Sugg Kiosk)",
        },
    ],
});
