"""批次: classes and campaigns, whom they fix, how far each has come, and recording for all of them."""
