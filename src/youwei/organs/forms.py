"""Forms of signing in."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm

LONGEST_USERNAME = 64


class SignInForm(AuthenticationForm):
    """An account name longer than any can be is nobody's: it is refused before it is looked up or kept as a failed attempt."""

    def clean(self) -> dict[str, Any]:
        if len(self.cleaned_data.get("username", "")) > LONGEST_USERNAME:
            raise self.get_invalid_login_error()
        return super().clean()
