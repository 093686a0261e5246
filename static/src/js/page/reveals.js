// Options that reveal further questions, without the aria-expanded that the design system's own
// scripts put on them: no radio button or tick box may carry it, so screen readers drop or garble it.

import { Checkboxes, Radios } from "govuk-frontend";

const withoutExpanded = (Component) =>
  class extends Component {
    syncConditionalRevealWithInputState(input) {
      super.syncConditionalRevealWithInputState(input);
      input.removeAttribute("aria-expanded");
    }
  };

export const RevealingCheckboxes = withoutExpanded(Checkboxes);
export const RevealingRadios = withoutExpanded(Radios);
