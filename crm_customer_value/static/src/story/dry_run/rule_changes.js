import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What somebody changed in the rules, one badge for each change. */
export class RuleChangesField extends Component {
    static template = "crm_customer_value.RuleChangesField";
    static props = { ...standardFieldProps };

    get changes() {
        return this.props.record.data[this.props.name] || [];
    }
}

export const ruleChangesField = {
    component: RuleChangesField,
    displayName: _t("Changed Rules"),
    supportedTypes: ["json"],
    isEmpty: () => false,
};

registry.category("fields").add("customer_value_rule_changes", ruleChangesField);
