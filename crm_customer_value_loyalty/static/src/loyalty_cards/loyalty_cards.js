import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { formatDate } from "@web/views/fields/formatters";
import { ValuePanelField, valuePanelField } from "@crm_customer_value/value/value_panel/value_panel";

// More cards than these are only counted.
const SHOWN_CARDS = 8;

valuePanelField.relatedFields.push({ name: "loyalty_cards", type: "json" });

patch(ValuePanelField.prototype, {
    get loyaltyCards() {
        return this.value.loyalty_cards.cards.slice(0, SHOWN_CARDS);
    },

    get moreLoyaltyCards() {
        return this.value.loyalty_cards.cards.length - this.loyaltyCards.length;
    },

    /** Who holds a card, when it was used last and what its points are enough for. */
    loyaltyCardNotes(card) {
        const notes = [
            card.last_use
                ? _t("last used %s", formatDate(deserializeDate(card.last_use)))
                : _t("not used yet"),
        ];
        if (card.holder) {
            notes.unshift(card.holder);
        }
        if (card.reward) {
            notes.push(_t("enough for: %s", card.reward));
        }
        return notes.join(" · ");
    },
});
