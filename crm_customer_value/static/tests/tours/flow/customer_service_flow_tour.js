import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("customer_service_flow_tour", {
    steps: () => [
        {
            content: "Open the page from one's account",
            trigger: "a[href='/my/service']:contains(My Service Preferences)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Choose one contact",
            trigger: "label:contains(One Person) input[name='service_flow_id']",
            run: "click",
        },
        {
            content: "Be called in the evening",
            trigger: "select[name='service_hours']",
            run: "select evening",
        },
        {
            content: "Nothing is wider than the screen",
            trigger: "body",
            run() {
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error("The page is wider than the screen");
                }
            },
        },
        {
            content: "Save",
            trigger: ".o_customer_service_form button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is kept",
            trigger: ".alert-success:contains(Saved)",
        },
        {
            trigger: "label:contains(One Person) input[name='service_flow_id']:checked",
        },
    ],
});
