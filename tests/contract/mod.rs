//! The contract: what is promised of finding, counting, ordering, paging, folding, marking and offering, over HTTP, tried on
//! every engine by the same code.
//!
//! What must be found is computed from the list of articles by plain means ([`truth`], [`asked`]), not by an engine. Of scores
//! the contract promises only what any sensible engine keeps: they are positive, order the hits, and prefer articles about
//! the words to mentions of them.
//!
//! * `embedded`: the index of this program.
//! * `naive_list`: a list of articles, looked at one by one ([`naive`]), served in place of the index.
//! * `opensearch`: an index of the OpenSearch cluster at `GISA_TEST_CLUSTER` (`http://host:port`, several with commas); skipped where that is
//!   not set ([`cluster`]).
//!
//! What a key's fixed filter hides, no answer of either tells ([`hiding`]); a route that reads and is not asked there fails its test.
//!
//! Whatever else the two answer must be the same in both ([`agreement`]); an engine that fails gives no wrong answer
//! ([`failing`]).
//!
//! Another engine behind [`gisa::query::archive::Archive`] is one more line at the end of this file.

mod agreement;
mod arriving;
mod articles;
mod asked;
mod asking;
mod chance;
mod cluster;
mod counting;
mod elsewhere;
mod failing;
mod finding;
mod folding;
mod hiding;
mod lacking;
mod learning;
mod marking;
mod naive;
mod naming;
mod near;
mod offering;
mod ordering;
mod quoting;
mod relating;
mod servers;
mod trends;
mod truth;
mod wire;

/// Promises of one module as tests of one engine.
macro_rules! kept {
    ($engine:ident: $($room:ident { $($promise:ident,)+ })+) => {
        $(mod $room {
            $(#[test]
            fn $promise() {
                let test = concat!(module_path!(), "::", stringify!($promise));
                if let Some(contract) = crate::contract::$engine(test) {
                    crate::contract::$room::$promise(contract);
                }
            })+
        })+
    };
}

/// All promises as tests of one engine.
macro_rules! contract {
    ($engine:ident) => {
        kept! { $engine:
            finding {
                a_name_finds_every_article_that_holds_it,
                particles_are_not_part_of_a_name,
                a_withheld_name_is_one_word_however_it_is_spaced,
                words_in_hanja_are_found_as_they_are_read,
                two_syllables_are_found_where_a_word_begins,
                a_common_noun_of_three_syllables_is_found_where_a_noun_begins,
                hanja_and_hangul_find_each_other,
                numbers_latin_and_spellings_find_each_other,
                a_quoted_copy_finds_its_article,
                a_phrase_finds_what_holds_it_and_nothing_else,
                operators_fields_and_prefixes_mean_what_they_say,
                an_empty_query_finds_all_and_noise_finds_nothing,
                fewer_words_are_enough_only_where_nothing_holds_them_all,
                an_article_comes_back_whole_by_any_id,
                a_year_is_held_by_its_articles_and_by_those_that_name_it,
                words_near_each_other_are_found_within_so_many_words,
                days_in_words_are_days_of_publication,
                what_is_not_a_date_is_said,
            }
            counting {
                totals_and_facets_equal_a_plain_count,
                a_facet_by_itself_says_how_much_it_leaves_out,
                a_period_in_the_query_says_how_many_articles_have_no_date,
                filters_are_or_within_a_field_and_and_between_fields,
                days_are_whole_and_korean_also_in_june_1988,
                explanations_count_each_clause_by_itself,
                explanations_say_what_else_is_looked_for_and_why,
            }
            arriving {
                what_came_equals_a_plain_look,
                sequences_are_those_of_the_writes,
            }
            trends {
                trends_equal_a_plain_count,
                buckets_follow_each_other_without_a_gap,
                what_cannot_be_compared_is_refused_with_a_reason,
                the_table_says_the_same,
            }
            relating {
                counts_of_related_terms_equal_a_plain_scan,
                what_a_search_names_more_often_than_all_stands_first,
                the_words_of_a_search_are_not_related_to_it,
                what_a_text_names_can_be_asked_for,
            }
            quoting {
                quotations_equal_a_plain_scan,
                words_must_be_in_one_quotation,
                pages_of_quotations_bring_each_once,
                a_table_of_quotations_has_the_same_rows,
                what_cannot_be_asked_of_quotations_is_refused,
            }
            naming {
                an_address_finds_its_article_however_it_is_written,
                an_id_finds_its_article,
            }
            ordering {
                by_time_undated_come_last_and_ties_go_by_id,
                pages_and_cursors_bring_every_hit_once_in_one_order,
                the_size_of_a_page_changes_nothing_but_the_page,
                a_cursor_goes_on_after_the_longest_id,
                relevance_prefers_what_is_about_the_words,
                equal_scores_go_by_id_and_every_time_the_same,
                a_cursor_belongs_to_one_search,
                pages_end_at_ten_thousand_and_say_so,
            }
            near {
                what_lacks_a_word_follows_the_hits_and_says_which,
                what_comes_near_fills_only_the_page_on_which_the_hits_end,
                nothing_comes_near_where_that_was_not_asked,
                phrases_fields_exclusions_and_filters_are_never_dropped,
                a_reprint_of_a_hit_does_not_come_near_it,
                a_time_word_is_lacking_only_in_articles_of_another_time,
            }
            folding {
                reprints_are_one_hit_with_exact_counts_at_any_depth,
                filters_come_first,
                facets_say_what_choosing_a_value_gives,
                the_best_match_can_represent_its_group,
                the_articles_of_a_group_can_be_listed,
            }
            learning {
                each_name_finds_what_the_other_does,
                the_word_itself_comes_before_its_other_name,
                a_learned_name_is_marked_and_said,
                the_list_of_learned_names_has_all_with_their_proof,
            }
            marking {
                a_name_is_marked_wherever_it_stands,
                other_forms_are_marked_as_they_stand,
                hits_show_marked_titles_and_pieces_of_their_bodies,
                a_text_from_outside_is_marked_and_judged_as_an_article_would_be,
                of_words_near_each_other_only_those_are_marked,
            }
            offering {
                completions_find_as_many_as_they_say,
                a_slip_is_corrected_where_that_finds_more,
                initial_consonants_find_what_they_complete,
                what_is_related_shares_the_subject,
                exports_and_feeds_are_the_search_in_its_order,
            }
        }
    };
}

use cluster::of_cluster;
use servers::{of_embedded, of_naive};

mod embedded {
    contract!(of_embedded);
}

mod naive_list {
    contract!(of_naive);
}

mod opensearch {
    contract!(of_cluster);
}
