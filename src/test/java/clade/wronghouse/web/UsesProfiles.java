package clade.wronghouse.web;

import clade.wronghouse.profiles.Profile;

class UsesProfiles {
    final Profile profile = new Profile();
}
