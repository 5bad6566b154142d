"""Pages of the desk: a secret appraisal opened, its slips and paper ballots, its end; and the kiosk at which one votes without an account."""
